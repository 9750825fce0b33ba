using System.Diagnostics.CodeAnalysis;
using static Krmx.Rooms.DueTime;

namespace Krmx.Rooms;

/// <summary>The sessions of a room, those too that ended a while ago: by user, and by when something happens to them (protocol section 10).</summary>
internal sealed class SessionTable(TimeSpan grace)
{
    /// <summary>How many of a user's sessions are kept; who makes ever new keys gets no further.</summary>
    private const int MaxOfUser = 16;

    /// <summary>How many that have ended are kept; who links as ever new users gets no further.</summary>
    private const int MaxEnded = 10_000;

    private readonly Dictionary<string, List<Session>> _byUsername = new(StringComparer.Ordinal);
    private readonly LinkedList<Session> _suspended = [];
    private readonly Queue<Session> _ended = new();
    private long? _oldestNeeded; // null where it has to be looked for

    // In the order of their times, as all wait for as long; those that were told meanwhile go when they come to the front.
    private readonly Queue<(Session Session, TimeSpan Due)> _unacknowledged = new();

    /// <summary>When something is due; null where nothing is.</summary>
    public TimeSpan? NextDue =>
        Earlier(Earlier(PeekAck(), _suspended.First?.Value.Due), _ended.TryPeek(out Session? oldest) ? oldest.Due : null);

    /// <summary>How many are suspended.</summary>
    public int SuspendedCount => _suspended.Count;

    /// <summary>The number of the oldest entry of the journal that one of them needs.</summary>
    public long OldestNeeded => _oldestNeeded ??= _suspended.Select(static session => session.Position + 1).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>Those that are suspended, the longest first.</summary>
    public IEnumerable<Session> Suspended => _suspended;

    /// <summary>All that are kept, of each user in the order in which they began.</summary>
    public IEnumerable<Session> All => _byUsername.Values.SelectMany(static kept => kept);

    /// <summary>The sessions of a user that have a key.</summary>
    public IEnumerable<Session> Of(string username, string key) =>
        _byUsername.TryGetValue(username, out List<Session>? kept) ? kept.Where(session => session.HasKey(key)) : [];

    /// <summary>Takes in a session that begins.</summary>
    public void Add(Session session)
    {
        if (!_byUsername.TryGetValue(session.User.Name, out List<Session>? kept))
            _byUsername.Add(session.User.Name, kept = []);
        if (kept.Count >= MaxOfUser)
            kept.RemoveAt(0);
        kept.Add(session);
    }

    /// <summary>A session has no connection any more.</summary>
    /// <param name="session">The session.</param>
    /// <param name="position">Where its client is for certain: it may need everything behind that.</param>
    /// <param name="now">The time.</param>
    public void Suspend(Session session, long position, TimeSpan now)
    {
        session.Position = position;
        _oldestNeeded = Math.Min(OldestNeeded, position + 1);
        session.Connection = null;
        session.AckDue = null;
        session.Due = now + grace;
        session.Place = _suspended.AddLast(session);
    }

    /// <summary>A session has a connection.</summary>
    public void Attach(Session session, RoomConnection connection)
    {
        StopWaiting(session);
        session.Connection = connection;
    }

    /// <summary>A session has ended; it is kept for a while, to answer those who ask for it.</summary>
    public void End(Session session, SessionEndReason reason, TimeSpan now)
    {
        StopWaiting(session);
        session.Connection = null;
        session.AckDue = null;
        session.End = reason;
        session.Due = now + grace;
        _ended.Enqueue(session);
        if (_ended.Count > MaxEnded)
            ForgetOldest();
    }

    /// <summary>A session's client is to be told by then how much was handled.</summary>
    public void AckBy(Session session, TimeSpan due)
    {
        session.AckDue = due;
        _unacknowledged.Enqueue((session, due));
    }

    /// <summary>Finds a session whose client is to be told by now; each is found once.</summary>
    public bool TryTakeUnacknowledged(TimeSpan now, [NotNullWhen(true)] out Session? session)
    {
        session = PeekAck() <= now ? _unacknowledged.Dequeue().Session : null;
        return session is not null;
    }

    /// <summary>Finds the session that has been suspended for too long.</summary>
    public bool TryFindExpired(TimeSpan now, [NotNullWhen(true)] out Session? session)
    {
        session = _suspended.First is { Value.Due: TimeSpan due } first && due <= now ? first.Value : null;
        return session is not null;
    }

    /// <summary>Forgets those that ended a while ago.</summary>
    public void Forget(TimeSpan now)
    {
        while (_ended.TryPeek(out Session? oldest) && oldest.Due <= now)
            ForgetOldest();
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        _byUsername.Clear();
        _suspended.Clear();
        _ended.Clear();
        _unacknowledged.Clear();
    }

    private void ForgetOldest()
    {
        Session oldest = _ended.Dequeue();
        List<Session> kept = _byUsername[oldest.User.Name];
        if (kept.Remove(oldest) && kept.Count == 0)
            _byUsername.Remove(oldest.User.Name);
    }

    private TimeSpan? PeekAck()
    {
        while (_unacknowledged.TryPeek(out (Session Session, TimeSpan Due) next))
        {
            if (next.Session.AckDue == next.Due)
                return next.Due;
            _unacknowledged.Dequeue();
        }
        return null;
    }

    private void StopWaiting(Session session)
    {
        if (session.Place is null)
            return;
        _suspended.Remove(session.Place);
        session.Place = null;
        if (session.Position + 1 == _oldestNeeded)
            _oldestNeeded = null;
    }
}

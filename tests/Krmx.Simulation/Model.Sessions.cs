using System.Text;

namespace Krmx.Simulation;

// Sessions, in the model: each has the list of all that it was ever to be sent, and a resume is answered with the rest of it.
public sealed partial class Model
{
    private const int MostOfAUser = 16;

    private static readonly TimeSpan AckDelay = TimeSpan.FromMilliseconds(250);

    // Those too that ended a while ago, in the order in which they began.
    private readonly List<ModelSession> _sessions = [];

    // Every message that some session was ever to be sent.
    private readonly List<ModelEntry> _journal = [];

    /// <summary>The sessions that the room knows of, those that ended included.</summary>
    public IReadOnlyList<ModelSession> Sessions => _sessions;

    /// <summary>How many bytes of messages are kept at most.</summary>
    public int JournalBytes => Counting.Any() ? _journal[FirstKept..].Sum(entry => entry.Length) : 0;

    private IEnumerable<ModelSession> Counting => _sessions.Where(session => session is { End: null, Counts: true });

    private IEnumerable<ModelSession> Suspended => _sessions.Where(session => session.IsSuspended).OrderBy(session => session.User.Absence);

    /// <summary>Of the longest run of the latest messages that is not too long, the first.</summary>
    private int FirstKept
    {
        get
        {
            int first = _journal.Count, bytes = 0;
            while (first > 0 && _journal.Count - first < setup.MaxJournalEntries && bytes + _journal[first - 1].Length <= setup.MaxJournalBytes)
                bytes += _journal[--first].Length;
            return first;
        }
    }

    private IEnumerable<TimeSpan?> SessionTimes => _sessions
        .SelectMany(session => new[] { session.FirstUntold + AckDelay, session.Connection is null ? session.Since + setup.Grace : null });

    /// <summary>Whether a connection is linked.</summary>
    public bool IsLinked(long connection) => _users.Exists(user => user.Connection?.Id == connection);

    /// <summary>The session of a connection, if it has one.</summary>
    public ModelSession? SessionOf(long connection) => _sessions.Find(session => session.Connection?.Id == connection);

    private ModelSession? SessionOf(ModelUser user) => _sessions.Find(session => session.End is null && session.User == user);

    private IEnumerable<ModelSession> SessionsOf(string name, string key) =>
        _sessions.Where(session => session.User.Name == name).TakeLast(MostOfAUser).Where(session => session.Key == key);

    /// <summary>Something is sent to users: at once to those who are linked, and it counts for those who have a session.</summary>
    private void Post(IEnumerable<ModelUser> users, string frame)
    {
        List<ModelUser> all = [.. users];
        foreach (ModelUser user in all.Where(user => user.Connection is not null))
            Send(user.Connection!, frame);
        Write(Counting.Where(session => all.Contains(session.User)), frame);
    }

    /// <summary>A message that may be lost goes to those who are there.</summary>
    private void PostVolatile(IEnumerable<ModelUser> users, string frame)
    {
        foreach (ModelUser user in users.Where(user => user.Connection is not null))
            Send(user.Connection!, frame);
    }

    /// <summary>A message counts for some sessions; it is kept if there are any.</summary>
    private void Write(IEnumerable<ModelSession> sessions, string frame)
    {
        List<ModelSession> receivers = [.. sessions];
        if (receivers.Count == 0)
            return;
        var entry = new ModelEntry(_journal.Count, frame);
        _journal.Add(entry);
        foreach (ModelSession session in receivers)
            session.Sent.Add(entry);
    }

    private bool IsReachable(ModelUser user) => user.Connection is not null || SessionOf(user) is not null;

    private bool IsOwner(ModelUser? user, SimResume? resume) =>
        user is not null && resume is not null && SessionOf(user)?.Key == resume.Key;

    private string? RefusalBySessions(string name, SimResume? resume)
    {
        if (resume is null)
            return null;
        List<ModelSession> own = [.. SessionsOf(name, resume.Key)];
        if (own.Exists(session => session.Attempt >= resume.Attempt))
            return "stale link attempt";
        return own.Exists(session => session.Number == resume.Session && session.End == SessionEndReason.Left)
            ? $"user {name} has left"
            : null;
    }

    /// <summary>A link that asks for a session goes on with the one that it names, or begins one.</summary>
    private void LinkWithSession(ModelAttempt attempt, ModelUser user, SimResume resume)
    {
        ModelSession? named = SessionsOf(user.Name, resume.Key).FirstOrDefault(session => session.Number == resume.Session);
        bool isRecovered = named is { End: null } && resume.Received is int received && StillHas(named, received);
        if (user.Connection is ModelConnection former && IsOwner(user, resume))
        {
            former.IsClosing = true;
            Release(former, UnlinkReason.Replaced, goesOn: isRecovered);
            Effects.Add(new Effect(EffectKind.Close, former.Id, $"{(int)CloseCode.PolicyViolation}"));
        }
        else if (user.Connection is not null)
        {
            Unlink(user, UnlinkReason.Replaced);
        }
        if (isRecovered)
        {
            GoOn(attempt, user, named!, resume);
            return;
        }
        if (SessionOf(user) is ModelSession suspended)
            EndSession(suspended, SessionEndReason.Replaced);
        string answer = $"\"session\":{resume.Attempt}";
        if (resume.Session is not null)
            answer += ",\"recovered\":false";
        if (named is not null)
            answer += $",\"received\":{named.Received}";
        Begin(attempt, user, answer, new ModelSession(user, resume.Key, resume.Attempt));
    }

    private void GoOn(ModelAttempt attempt, ModelUser user, ModelSession session, SimResume resume)
    {
        ModelConnection connection = attempt.Connection;
        (session.Attempt, session.Confirmed, session.Connection) = (resume.Attempt, resume.Received!.Value, connection);
        (session.Told, session.FirstUntold) = (session.Received, null);
        Note("linked", user);
        connection.HasPresence = true;
        Tie(user, connection);
        Send(connection, Accepted(attempt, $"\"session\":{session.Number},\"recovered\":true,\"received\":{session.Received}"));
        foreach (ModelEntry entry in session.Sent[session.Confirmed..])
            Send(connection, entry.Text);
        SendToClassic(Told("linked", user.Name));
        TakeMeta(attempt, user);
        Event($"link {user.Name} recovered");
    }

    /// <summary>Whether a session's client can be sent all that comes after what it has had.</summary>
    private bool StillHas(ModelSession session, int received) =>
        session.Counts && received >= session.Confirmed && received <= session.Sent.Count &&
        (received == session.Sent.Count || session.Sent[received].Number >= FirstKept);

    private void CountReceived(ModelUser user)
    {
        if (SessionOf(user) is not ModelSession session)
            return;
        session.Received++;
        session.FirstUntold ??= _now;
        if (session.Received - session.Told == 32)
            SendAck(session);
    }

    private void SendAck(ModelSession session)
    {
        (session.Told, session.FirstUntold) = (session.Received, null);
        Send(session.Connection!, $$$"""{"type":"krmx/ack","payload":{"received":{{{session.Received}}},"sent":{{{session.Sent.Count}}}}}""");
    }

    private bool TakesAck(ModelUser user, SimAck ack)
    {
        if (SessionOf(user) is not ModelSession session || ack.Sent != session.Received || ack.Received is not int received ||
            received < session.Confirmed || received > session.Sent.Count)
            return false;
        session.Confirmed = received;
        return true;
    }

    /// <summary>Why the unlinking of its user ends a session; null where it is suspended.</summary>
    private SessionEndReason? EndOf(ModelSession session, UnlinkReason reason) => reason switch
    {
        UnlinkReason.Requested or UnlinkReason.Application => SessionEndReason.Unlinked,
        UnlinkReason.Left => SessionEndReason.Left,
        UnlinkReason.Replaced => SessionEndReason.Replaced,
        UnlinkReason.ProtocolViolation or UnlinkReason.RateExceeded => SessionEndReason.ProtocolViolation,
        _ when !session.Counts => SessionEndReason.NotReady,
        _ when !StillHas(session, session.Confirmed) => SessionEndReason.Overflowed,
        _ => null,
    };

    private void Suspend(ModelSession session)
    {
        if (session.Connection is not null)
            session.Delivered = session.Sent.Count;
        (session.Connection, session.FirstUntold, session.Since) = (null, null, _now);
    }

    private void EndSession(ModelSession session, SessionEndReason reason)
    {
        Suspend(session);
        session.End = reason;
        Event($"session {session.User.Name} {reason}");
    }

    /// <summary>Whoever is away and misses something that is not kept is not waited for.</summary>
    private bool EndOverflowed()
    {
        List<ModelSession> overflowed = [.. Suspended.Where(session => !StillHas(session, session.Confirmed))];
        foreach (ModelSession session in overflowed)
            EndSession(session, SessionEndReason.Overflowed);
        Deliver();
        return overflowed.Count > 0;
    }

    private void AdvanceSessions()
    {
        foreach (ModelSession session in _sessions.Where(session => session.FirstUntold + AckDelay <= _now))
            SendAck(session);
        foreach (ModelSession session in Suspended.Where(session => session.Since + setup.Grace <= _now).ToList())
            EndSession(session, SessionEndReason.Expired);
        _sessions.RemoveAll(session => session.End is not null && session.Since + setup.Grace <= _now);
    }
}

/// <summary>A session of the model.</summary>
public sealed class ModelSession(ModelUser user, string key, int attempt)
{
    public ModelUser User { get; } = user;

    public string Key { get; } = key;

    /// <summary>The attempt that began it.</summary>
    public int Number { get; } = attempt;

    /// <summary>The last one.</summary>
    public int Attempt { get; set; } = attempt;

    public ModelConnection? Connection { get; set; }

    /// <summary>Whether its client was sent that it is ready.</summary>
    public bool Counts { get; set; }

    /// <summary>All that its client was to be sent since.</summary>
    public List<ModelEntry> Sent { get; } = [];

    /// <summary>How many of these its client has said that it had.</summary>
    public int Confirmed { get; set; }

    /// <summary>How many it had been sent when its connection was lost.</summary>
    public int Delivered { get; set; }

    /// <summary>How many messages of its client were handled.</summary>
    public int Received { get; set; }

    /// <summary>How many of these its client was told.</summary>
    public int Told { get; set; }

    /// <summary>When the first that it was not told was handled.</summary>
    public TimeSpan? FirstUntold { get; set; }

    public SessionEndReason? End { get; set; }

    /// <summary>When it was suspended, or ended.</summary>
    public TimeSpan Since { get; set; }

    public bool IsSuspended => End is null && Connection is null;
}

/// <summary>A message that sessions are to be sent.</summary>
/// <param name="Number">Its place among all.</param>
/// <param name="Text">Its text.</param>
public sealed record ModelEntry(int Number, string Text)
{
    public int Length { get; } = Encoding.UTF8.GetByteCount(Text);
}

using System.Text.Json;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// What a durable room keeps is written down as it changes, turn by turn, and a room is made from that again (docs/architecture.md, "Durable rooms").
public partial class KrmxRoomCore
{
    private readonly RoomRecorder? _recorder; // null where the room is not durable
    private readonly List<Session> _toWrite = [];
    private readonly Dictionary<string, IRoomPart> _parts = new(StringComparer.Ordinal);
    private readonly HashSet<IRoomPart> _changedParts = [];

    // What was written down of parts that nobody has claimed yet: it stays as it is.
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> _unclaimed = new(StringComparer.Ordinal);
    private readonly HashSet<RoomAsker> _asked = []; // whose requests are not answered
    private readonly HashSet<RoomAsker> _newlyAsked = []; // those of them of which that is not written down
    private readonly List<(Session Session, string Id)> _unanswered = []; // those from before a restart
    private DateTimeOffset _clockZero;
    private RoomEvent[] _sinceRestart = []; // what listeners hear when the room has opened
    private long _lastSession;
    private bool _hasWrittenPending;

    DateTimeOffset? IRoomInput.NextAlarm => _recorder is not null && _alarms.NextDue is TimeSpan due ? _clockZero + due : null;

    /// <summary>Whether what the room keeps outlives its process.</summary>
    internal bool IsDurable => _recorder is not null;

    ReadOnlyMemory<byte>? IRoomInput.TakeRecord(bool isLast)
    {
        if (_recorder is null)
            return null;
        if ((isLast && (_changedParts.Count > 0 || _toWrite.Count > 0)) || (_hasWrittenPending && _changes.Due is null))
            _recorder.Demand(); // what was told must not be told again
        if (!_recorder.IsDue)
            return null;
        foreach (Session session in _toWrite)
            WriteCounts(session);
        _toWrite.Clear();
        foreach (IRoomPart part in _changedParts)
            part.WriteChanges(_recorder);
        _changedParts.Clear();
        foreach (RoomAsker asker in _newlyAsked)
            asker.WriteAsked(_recorder);
        _newlyAsked.Clear();
        WritePending();
        return _recorder.Take();
    }

    ReadOnlyMemory<byte> IRoomInput.TakeSnapshot()
    {
        var snapshot = new RoomRecorder(_clockZero);
        if (AcceptsNewUsers != _options.Links.AcceptsNewUsers)
            snapshot.Accepts(AcceptsNewUsers);
        foreach (KrmxUser user in _roster.Users)
        {
            snapshot.Joined(user);
            if (user.Meta is not null)
                snapshot.Meta(user);
        }
        foreach (KrmxUser user in _roster.Away.ByAbsence)
            snapshot.Unlinked(user);
        foreach (KrmxUser user in _roster.Users.Where(static user => user.IsLinked))
        {
            if (user.TimeLinked > TimeSpan.Zero)
                snapshot.Unlinked(user);
            snapshot.Linked(user);
        }
        foreach (Session session in _sessions.All)
        {
            snapshot.SessionBegun(session);
            snapshot.Received(session);
            if (session.End is not null)
                snapshot.SessionEnded(session);
            else if (session.Reader is JournalReader reader)
                snapshot.SessionReader(session, reader);
        }
        _journal.WriteTo(snapshot);
        foreach (RoomAlarm alarm in _alarms.All.OrderBy(static alarm => alarm.Number))
            snapshot.AlarmSet(alarm);
        foreach (IRoomPart part in _parts.Values)
            part.WriteWhole(snapshot);
        foreach ((string name, List<ReadOnlyMemory<byte>> changes) in _unclaimed)
        {
            foreach (ReadOnlyMemory<byte> change in changes)
                snapshot.Part(name, change);
        }
        foreach (RoomAsker asker in _asked)
            asker.WriteAsked(snapshot);
        snapshot.Pending(_changes.All);
        return snapshot.Take();
    }

    void IRoomInput.Rest(CloseCode code)
    {
        using Scope scope = EnterInput();
        Demand(Status == RoomStatus.Open, "rest", $"it is {StatusText}");
        Status = RoomStatus.Closing;
        _closeCode = code;
        foreach (LinkAttempt attempt in _attempts.All)
            EndAttempt(attempt);
        _challenges.Clear();
        foreach (RoomConnection connection in _connections.Values.Where(static connection => !connection.IsClosing))
        {
            // Its user stays linked: so it is told of the restart when the room is made again.
            if (connection.User is not null)
                _effects.Unseat(connection.Id);
            connection.User = null;
            CloseConnection(connection, code, "the server restarts");
        }
        FinishClosing();
    }

    /// <summary>Takes in something that the room keeps from now on.</summary>
    /// <returns>What was written down of it, in order; null where it is new, or the room is not durable.</returns>
    /// <exception cref="KrmxException">There is a part of that name.</exception>
    internal IReadOnlyList<ReadOnlyMemory<byte>>? Claim(IRoomPart part)
    {
        Demand(_parts.TryAdd(part.Name, part), $"add the {part.Name}", "the room has one of that name already");
        if (!IsDurable)
            return null;
        if (_unclaimed.Remove(part.Name, out List<ReadOnlyMemory<byte>>? changes))
            return changes;

        // Nobody has been told of it: it is written down as soon as anything is.
        _changedParts.Add(part);
        return null;
    }

    /// <summary>Forgets something that the room has kept.</summary>
    internal void Release(IRoomPart part)
    {
        _changedParts.Remove(part);
        if (_parts.Remove(part.Name))
            _recorder?.Part(part.Name, static writer => writer.WriteNullValue());
    }

    /// <summary>Notes that something the room keeps has changed.</summary>
    internal void Changed(IRoomPart part)
    {
        if (_recorder is null)
            return;
        _changedParts.Add(part);
        _recorder.Demand();
    }

    /// <summary>Notes a request that is not answered yet, so that a restart does not leave its client without an answer.</summary>
    internal void Asked(RoomAsker asker)
    {
        if (!IsDurable)
            return;
        _asked.Add(asker);
        _newlyAsked.Add(asker);
    }

    /// <summary>Notes that a request was answered.</summary>
    internal void Answered(RoomAsker asker)
    {
        if (_asked.Remove(asker) && !_newlyAsked.Remove(asker))
            asker.WriteAnswered(_recorder!);
    }

    /// <summary>Notes that a session counts differently.</summary>
    private void Note(Session session)
    {
        if (_recorder is null)
            return;
        if (session.Received != session.ReceivedWritten)
            _recorder.Demand();
        if (session.IsToWrite)
            return;
        session.IsToWrite = true;
        _toWrite.Add(session);
    }

    private void WriteCounts(Session session)
    {
        session.IsToWrite = false;
        if (session.Received != session.ReceivedWritten)
            _recorder!.Received(session);
        if (session.Reader is not null && session.Reader.Confirmed != session.ConfirmedWritten)
            _recorder!.Confirmed(session);
        (session.ReceivedWritten, session.ConfirmedWritten) = (session.Received, session.Reader?.Confirmed ?? 0);
    }

    private void WritePending()
    {
        bool hasPending = _changes.Due is not null;
        if (hasPending || _hasWrittenPending)
            _recorder!.Pending(_changes.All);
        _hasWrittenPending = hasPending;
    }

    /// <summary>Makes the room what was written down, as far as it can go on: connections are gone, and so nobody is linked.</summary>
    private void Restore(RoomMemory memory)
    {
        (_now, _clockZero) = (memory.Now, memory.ClockZero);
        var restoration = new Restoration(this);
        long turn = 0;
        foreach (ReadOnlyMemory<byte> changes in memory.Turns)
        {
            turn++;
            try
            {
                foreach (RoomChange change in RoomChange.ReadAll(changes))
                    restoration.Apply(change);
            }
            catch (Exception error) when (error is not KrmxException)
            {
                throw new KrmxException($"cannot read what was written down of the room, in piece {turn}: {error.Message}", error);
            }
        }
        restoration.Complete(memory.ForgetsSessions);
        WasEverLinked = turn > 0;
    }

    /// <summary>The room has opened: listeners hear of those who were linked before it was made again, and who waits for an answer is refused.</summary>
    private void TellOfRestart()
    {
        foreach (RoomEvent happened in _sinceRestart)
            _events.Enqueue(happened);
        _sinceRestart = [];
        foreach ((Session session, string id) in _unanswered)
        {
            _recorder!.Answered(session, id);
            if (session.Reader is not null)
                PostTo(session.User, RequestFrames.Refuse(id, "the server was restarted before it had answered"));
        }
        _unanswered.Clear();
    }
}

namespace Krmx.Simulation;

/// <summary>
/// What a server should do, written from the protocol's text with lists and strings and without a thought for speed. It knows nothing of
/// the server's code; the two run side by side and must show the same effects in the same order.
/// </summary>
public sealed partial class Model(Setup setup) : ISide
{
    private readonly List<ModelUser> _users = [];
    private readonly List<ModelConnection> _connections = [];
    private readonly List<ModelAttempt> _attempts = [];
    private readonly List<ModelChallenge> _challenges = [];
    private readonly Queue<Action> _later = new();
    private readonly Queue<Action> _answers = new();
    private RoomStatus _status = RoomStatus.Open;
    private bool _acceptsNewUsers = true;
    private long _lastAttempt;
    private TimeSpan _now;

    /// <summary>What happened since this was last cleared.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>What listeners do when an event is delivered.</summary>
    public Action OnEvent { get; set; } = () => { };

    public RoomStatus Status => _status;

    public IEnumerable<(string Name, bool IsLinked, bool IsReachable, string? Meta)> Users =>
        _users.Select(user => (user.Name, user.Connection is not null, IsReachable(user), user.Meta));

    /// <summary>When something happens next because time has passed.</summary>
    public TimeSpan? NextDue => _attempts.Where(attempt => !attempt.IsAnswered).Select(attempt => (TimeSpan?)attempt.Due)
        .Concat(_challenges.Select(challenge => (TimeSpan?)challenge.Due))
        .Concat(setup.UserTimeout > TimeSpan.Zero
            ? _users.Where(user => user.IsAway).Select(user => (TimeSpan?)user.AwaySince + setup.UserTimeout)
            : [])
        .Append(_untold.Count > 0 ? _untoldSince + setup.PresenceInterval : null)
        .Append(_countDue)
        .Concat(_alarms.Select(alarm => (TimeSpan?)alarm.Due))
        .Concat(SessionTimes)
        .Min();

    public void Opened(long id)
    {
        var connection = new ModelConnection(id);
        _connections.Add(connection);
        if (_status != RoomStatus.Open)
            Close(connection, CloseCode.GoingAway);
        Settle();
    }

    public void Received(long id, SimFrame frame)
    {
        ModelConnection? connection = _connections.Find(c => c.Id == id);
        if (connection is { IsClosing: false })
        {
            bool mustWait = _attempts.Exists(a => a.Connection == connection) || connection.Waiting.Count > 0;
            if (!mustWait)
                Handle(connection, frame);
            else if (connection.Waiting.Count < setup.MaxPendingFrames && connection.Waiting.Sum(f => f.Length) + frame.Length <= setup.MaxPendingBytes)
                connection.Waiting.Enqueue(frame);
            else
                Close(connection, CloseCode.PolicyViolation);
            IsAlive(connection);
        }
        Settle();
    }

    public void Answered(long id)
    {
        if (_connections.Find(c => c.Id == id) is ModelConnection connection)
            IsAlive(connection);
        Settle();
    }

    public void Lost(long id, UnlinkReason reason)
    {
        ModelConnection? connection = _connections.Find(c => c.Id == id);
        if (connection is not null)
        {
            _connections.Remove(connection);
            connection.IsClosing = true;
            Release(connection, reason);
            if (_status == RoomStatus.Closing && _connections.Count == 0)
                EndClosing();
        }
        Settle();
    }

    public void Authenticated(long id, string? refusal, string? meta = null)
    {
        ModelAttempt? attempt = _attempts.Find(a => a.Id == id && !a.IsAnswered);
        if (attempt is not null)
        {
            attempt.Meta = meta;
            Decide(attempt, refusal);
        }
        Settle();
    }

    public void Advance(TimeSpan now)
    {
        _now = now;
        foreach (ModelAttempt attempt in _attempts.Where(a => a.Due <= now && !a.IsAnswered).ToList())
            Reject(attempt, "authentication timeout");
        EndChallengesThatTimedOut();
        AdvanceSessions();
        LeaveWhoTimedOut();
        RingAlarms();
        Settle();
    }

    public void CloseServer()
    {
        _status = RoomStatus.Closing;
        ForgetChanges();
        _alarms.Clear();
        foreach (ModelAttempt attempt in _attempts.ToList())
            End(attempt);
        _challenges.Clear();
        foreach (ModelUser user in _users.ToList())
        {
            ModelSession? session = SessionOf(user);
            if (user.Connection is ModelConnection own)
            {
                if (session is not null)
                    SendAck(session);
                Send(own, Told("unlinked", user.Name));
                Send(own, Told("left", user.Name));
                Untie(user);
                Event($"unlink {user.Name} {UnlinkReason.ServerClosing}");
            }
            if (session is not null)
                EndSession(session, SessionEndReason.RoomClosed);
            _users.Remove(user);
            Event($"leave {user.Name}");
        }
        _sessions.Clear();
        foreach (ModelConnection connection in _connections.Where(c => !c.IsClosing).ToList())
            Close(connection, CloseCode.GoingAway);
        if (_connections.Count == 0)
            EndClosing();
        Settle();
    }

    private void EndClosing()
    {
        _status = RoomStatus.Closed;
        Event("close");
    }

    private void Handle(ModelConnection connection, SimFrame frame)
    {
        ModelUser? user = _users.Find(u => u.Connection == connection);
        if (user is null)
            HandleUnlinked(connection, frame);
        else
            HandleLinked(connection, user, frame);
    }

    private void HandleUnlinked(ModelConnection connection, SimFrame frame)
    {
        switch (frame.Meaning)
        {
            case Meaning.Invalid or Meaning.InvalidInLink:
                Reject(connection, "invalid message");
                break;
            case Meaning.InvalidLink:
                Reject(connection, "invalid link request");
                break;
            case Meaning.WrongVersion:
                Reject(connection, $"krmx server version mismatch (server=0.6.*,client={frame.Detail})");
                break;
            case Meaning.Link:
                StartLink(connection, frame);
                break;
            case Meaning.Ack:
                break;
            default:
                Reject(connection, "unlinked connection");
                break;
        }
    }

    private void HandleLinked(ModelConnection connection, ModelUser user, SimFrame frame)
    {
        switch (frame.Meaning)
        {
            case Meaning.Custom:
                if (!frame.IsVolatile)
                    CountReceived(user);
                Event($"message {user.Name} say {frame.Detail}");
                break;
            case Meaning.Ack when TakesAck(user, frame.Ack!):
                break;
            case Meaning.Link or Meaning.InvalidInLink or Meaning.InvalidLink or Meaning.WrongVersion:
                Unlink(user, UnlinkReason.Requested);
                break;
            case Meaning.Unlink:
                CountReceived(user);
                Unlink(user, UnlinkReason.Requested);
                break;
            case Meaning.Leave:
                CountReceived(user);
                Leave(user);
                break;
            default:
                Effects.Add(new Effect(EffectKind.Violation, connection.Id, user.Name));
                Unlink(user, UnlinkReason.ProtocolViolation);
                break;
        }
    }

    /// <summary>The end of an input: those who listen are told, and who was asked about a link answers, each with an input of its own.</summary>
    private void Settle()
    {
        Deliver();
        while (_answers.TryDequeue(out Action? answer))
        {
            answer();
            Deliver();
        }
    }

    /// <summary>Those who listen are told, and may do something of which others are told.</summary>
    private void Deliver()
    {
        while (_later.TryDequeue(out Action? next))
            next();
    }

    private void Event(string text) => _later.Enqueue(() => Tell(text));

    private void Tell(string text)
    {
        Effects.Add(new Effect(EffectKind.Event, 0, text));
        OnEvent();
    }

    private void Send(ModelConnection connection, string frame) => Effects.Add(new Effect(EffectKind.Frame, connection.Id, frame));

    private void SendToClassic(string frame)
    {
        foreach (ModelConnection connection in ToldOfOthers)
            Send(connection, frame);
    }

    private static string Told(string change, string name) => $$$"""{"type":"krmx/{{{change}}}","payload":{"username":"{{{name}}}"}}""";
}

namespace Krmx.Simulation;

// How the model links.
public sealed partial class Model
{
    private void StartLink(ModelConnection connection, SimFrame frame)
    {
        string name = frame.Detail;
        if (name == Catalogue.InvalidName)
        {
            Reject(connection, "invalid username");
            return;
        }
        if (!setup.AuthenticateFirst && Refusal(name, frame.Resume) is string refusal)
        {
            Reject(connection, refusal);
            return;
        }
        ModelUser? user = _users.Find(u => u.Name == name);
        var attempt = new ModelAttempt(++_lastAttempt, connection, frame, user, _now + TimeSpan.FromSeconds(10));
        _attempts.Add(attempt);
        Effects.Add(new Effect(EffectKind.AuthStart, connection.Id, $"{attempt.Id} {name} {frame.Auth} {user is null}"));
        if (frame.How == "later")
            return;
        _answers.Enqueue(() =>
        {
            if (frame.How == "kick")
                Kick(name);
            while (_later.TryDequeue(out Action? next))
                next();
            if (_attempts.Contains(attempt))
                Decide(attempt, frame.How == "no" ? "no entry" : null);
        });
    }

    private string? Refusal(string name, SimResume? resume)
    {
        if (RefusalBySessions(name, resume) is string refusal)
            return refusal;
        ModelUser? user = _users.Find(u => u.Name == name);
        if (user is null && !_acceptsNewUsers)
            return "server is not accepting new users";
        if (user is null)
            return IsFull && WhoCanBeMissed() is null ? "the room is full" : null;
        return user.Connection is not null && setup.Conflict == LinkConflict.Reject && !IsOwner(user, resume)
            ? $"user {name} is already linked to a connection"
            : null;
    }

    private void Decide(ModelAttempt attempt, string? refusal)
    {
        attempt.IsAnswered = true;
        refusal ??= Refusal(attempt.Name, attempt.Resume);
        ModelUser? now = _users.Find(u => u.Name == attempt.Name);
        if (refusal is null && now != attempt.User)
        {
            refusal = setup.Conflict == LinkConflict.Challenge && now!.Connection is not null
                ? $"user {attempt.Name} is already linked to a connection"
                : $"user {attempt.Name} joined while this link was being authenticated";
        }
        if (refusal is not null)
        {
            Reject(attempt, refusal);
        }
        else if (now is not null)
        {
            LinkIfTheOwnerIsDead(attempt);
        }
        else
        {
            attempt.User = JoinUser(attempt.Name);
            TakeMeta(attempt, attempt.User);
            _later.Enqueue(() =>
            {
                if (_attempts.Contains(attempt))
                    LinkIfTheOwnerIsDead(attempt);
            });
        }
    }

    private void Link(ModelAttempt attempt, ModelUser user)
    {
        End(attempt);
        if (attempt.Resume is SimResume resume)
        {
            LinkWithSession(attempt, user, resume);
        }
        else
        {
            if (user.Connection is not null)
                Unlink(user, UnlinkReason.Replaced);
            if (SessionOf(user) is ModelSession suspended)
                EndSession(suspended, SessionEndReason.Replaced);
            Begin(attempt, user);
        }
        HandleWaiting(attempt.Connection);
    }

    /// <summary>Somebody begins as a newcomer.</summary>
    private void Begin(ModelAttempt attempt, ModelUser user, string answer = "", ModelSession? session = null)
    {
        TakeMeta(attempt, user);
        Note("linked", user);
        ModelConnection newcomer = attempt.Connection;
        newcomer.HasPresence = attempt.AsksPresence || session is not null;
        if (newcomer.HasPresence && _hasLosses)
            TellChanges();
        Tie(user, newcomer);
        if (session is not null)
        {
            session.Connection = newcomer;
            _sessions.Add(session);
        }
        Send(newcomer, Accepted(attempt, answer));
        SendPicture(newcomer);
        foreach (ModelConnection other in ToldOfOthers.Where(c => c != newcomer).ToList())
            Send(other, Told("linked", user.Name));
        _later.Enqueue(() =>
        {
            if (newcomer.HasPresence && user.Connection == newcomer)
            {
                Send(newcomer, """{"type":"krmx/ready"}""");
                if (session is not null)
                    session.Counts = true;
            }
            Effects.Add(new Effect(EffectKind.Event, 0, $"link {user.Name}"));
            OnEvent();
        });
    }

    private void Reject(ModelAttempt attempt, string reason)
    {
        End(attempt);
        Reject(attempt.Connection, reason);
        HandleWaiting(attempt.Connection);
    }

    private void Reject(ModelConnection connection, string reason) =>
        Send(connection, $$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""");

    private void End(ModelAttempt attempt)
    {
        _attempts.Remove(attempt);
        if (!attempt.IsAnswered)
            Effects.Add(new Effect(EffectKind.AuthCancel, 0, $"{attempt.Id}"));
    }

    /// <summary>After a decision the frames that waited come one by one, each with its events before the next.</summary>
    private void HandleWaiting(ModelConnection connection)
    {
        if (connection.Waiting.Count == 0 || connection.IsHandlingWaiting)
            return;
        connection.IsHandlingWaiting = true;
        _later.Enqueue(() =>
        {
            connection.IsHandlingWaiting = false;
            if (connection.Waiting.Count == 0 || _attempts.Exists(a => a.Connection == connection))
                return;
            Handle(connection, connection.Waiting.Dequeue());
            if (!_attempts.Exists(a => a.Connection == connection))
                HandleWaiting(connection);
        });
    }

    private ModelUser JoinUser(string name)
    {
        if (IsFull)
            Leave(WhoCanBeMissed()!, SessionEndReason.Expired);
        var user = new ModelUser(name);
        Note("joined", user);
        SendToClassic(Told("joined", name));
        _users.Add(user);
        Event($"join {name}");
        return user;
    }

    private void Unlink(ModelUser user, UnlinkReason reason, bool goesOn = false)
    {
        ModelConnection own = user.Connection!;
        ModelSession? session = goesOn ? null : SessionOf(user);
        SessionEndReason? end = session is null ? null : EndOf(session, reason);
        if (end is not null && !own.IsClosing)
            SendAck(session!);
        foreach (ModelConnection other in ToldOfOthers.Where(c => !c.IsClosing).ToList())
            Send(other, Told("unlinked", user.Name));
        if (!own.IsClosing && !ToldOfOthers.Contains(own))
            Send(own, Told("unlinked", user.Name));
        Untie(user);
        Event($"unlink {user.Name} {reason}");
        if (end is not null)
            EndSession(session!, end.Value);
        else if (session is not null)
            Suspend(session);
        Note("unlinked", user);
        ReleaseWhoWaitFor(own);
    }

    private void Leave(ModelUser user, SessionEndReason reason = SessionEndReason.Left)
    {
        ModelConnection? own = user.Connection;
        if (own is not null)
        {
            Unlink(user, UnlinkReason.Left);
            Send(own, Told("left", user.Name));
        }
        if (SessionOf(user) is ModelSession suspended)
            EndSession(suspended, reason);
        _users.Remove(user);
        Note("left", user);
        SendToClassic(Told("left", user.Name));
        Event($"leave {user.Name}");
        foreach (ModelAttempt attempt in _attempts.Where(a => a.User == user).ToList())
            Reject(attempt, $"user {user.Name} left before the link was made");
    }

    private void Close(ModelConnection connection, CloseCode code)
    {
        connection.IsClosing = true;
        Release(connection, UnlinkReason.ProtocolViolation);
        Effects.Add(new Effect(EffectKind.Close, connection.Id, $"{(int)code}"));
    }

    private void Release(ModelConnection connection, UnlinkReason reason, bool goesOn = false)
    {
        connection.Waiting.Clear();
        foreach (ModelAttempt attempt in _attempts.Where(a => a.Connection == connection).ToList())
            End(attempt);
        if (_users.Find(u => u.Connection == connection) is ModelUser user)
            Unlink(user, reason, goesOn);
    }
}

/// <summary>A user of the model.</summary>
public sealed class ModelUser(string name)
{
    public string Name { get; } = name;

    public string? Meta { get; set; }

    public ModelConnection? Connection { get; set; }

    /// <summary>When the user was linked and when it was unlinked, in turn.</summary>
    public List<TimeSpan> Changes { get; } = [];

    public bool IsAway => Connection is null && Changes.Count > 0;

    public TimeSpan AwaySince => Changes[^1];

    public TimeSpan TimeLinked => TimeSpan.FromTicks(Changes.Select((at, i) => i % 2 == 0 ? -at.Ticks : at.Ticks).Sum());

    /// <summary>How many users were unlinked before this one was.</summary>
    public int Absence { get; set; }
}

/// <summary>A connection of the model.</summary>
public sealed class ModelConnection(long id)
{
    public long Id { get; } = id;

    public Queue<SimFrame> Waiting { get; } = new();

    public bool IsHandlingWaiting { get; set; }

    public bool HasPresence { get; set; }

    public bool IsClosing { get; set; }
}

internal sealed class ModelAttempt(long id, ModelConnection connection, SimFrame link, ModelUser? user, TimeSpan due)
{
    public TimeSpan Due { get; } = due;

    public long Id { get; } = id;

    public ModelConnection Connection { get; } = connection;

    public string Name { get; } = link.Detail;

    public ModelUser? User { get; set; } = user;

    public bool IsAnswered { get; set; }

    public bool AsksPresence { get; } = link.AsksPresence;

    public SimResume? Resume { get; } = link.Resume;

    /// <summary>What its authentication says of the user, until the user has it.</summary>
    public string? Meta { get; set; }
}

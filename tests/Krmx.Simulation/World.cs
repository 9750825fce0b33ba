using System.Text;
using Krmx.Rooms;

namespace Krmx.Simulation;

/// <summary>The server and the model side by side: every step happens to both, and both must show the same.</summary>
public sealed partial class World
{
    private static readonly Comparer<Effect> ByConnection = Comparer<Effect>.Create(
        static (a, b) => a.Connection != b.Connection ? a.Connection.CompareTo(b.Connection) : string.CompareOrdinal(a.Text, b.Text));

    private readonly Setup _setup;
    private readonly RecordingOutput _output = new();
    private readonly KrmxRoomCore _server;
    private readonly IRoomInput _input;
    private readonly ServerSide _real;
    private readonly Model _model;
    private readonly Invariants _invariants;
    private readonly List<string> _secondListener = [];
    private readonly long[] _slots;
    private Action _onRealEvent = static () => { };
    private long _lastConnection;
    private int _messages;
    private int _steps;
    private TimeSpan _now;

    public World(Setup setup)
    {
        _setup = setup;
        _slots = new long[setup.Connections];
        var options = new KrmxRoomOptions();
        options.Links.Conflict = setup.Conflict;
        options.Links.AuthenticateFirst = setup.AuthenticateFirst;
        options.Links.MaxPendingFrames = setup.MaxPendingFrames;
        options.Links.MaxPendingBytes = setup.MaxPendingBytes;
        options.Users.Max = setup.MaxUsers;
        options.Users.Timeout = setup.UserTimeout;
        options.Users.PresenceInterval = setup.PresenceInterval;
        options.Users.Presence = setup.IsCounted ? KrmxPresence.Count : KrmxPresence.Everyone;
        options.Sessions.Grace = setup.Grace;
        options.Sessions.MaxJournalEntries = setup.MaxJournalEntries;
        options.Sessions.MaxJournalBytes = setup.MaxJournalBytes;
        options.Links.IsValidUsername = name => name != Catalogue.InvalidName;
        _server = new KrmxRoomCore(options, _output.Room, _output);
        _output.Server = _server;
        _real = new ServerSide(_server, _output);
        _model = new Model(setup);
        _invariants = new Invariants(setup.MaxUsers, setup.IsCounted);
        Listen();
        _input = _server;
        _input.AsksAuthentication = true;
        _input.Open();
        _input.Opened();
    }

    /// <summary>A number that differs when what was seen differs.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Does a step.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public string? Do(in Step step)
    {
        _output.Effects.Clear();
        _model.Effects.Clear();
        _secondListener.Clear();
        _steps++;
        string name = Catalogue.Names[step.Name % _setup.Names];
        ArmListeners(step);
        try
        {
            Apply(step, step.Connection % _slots.Length, name);
            _output.EndInput();

            // Now and then a turn takes in the next step as well.
            if (step.Choice % 4 != 3)
                EndTurn();
        }
        catch (Exception error)
        {
            return $"the server threw {error.GetType().Name}: {error.Message}";
        }
        return Compare(inAnyOrder: step.Kind == StepKind.CloseServer)
            ?? _invariants.Check(_output.Effects, _secondListener, _server, isAllTold: !_model.HasUntold)
            ?? CheckSeats()
            ?? CheckJournal()
            ?? CheckDue();
    }

    /// <summary>Faults stop: everybody comes anew, is linked, and the server closes with nothing left.</summary>
    public string? Heal()
    {
        _real.AcceptNewUsers(true);
        _model.AcceptNewUsers(true);
        bool wasListening = _server.Status == RoomStatus.Open;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (Do(new Step(StepKind.Lose, slot, 0)) is string lost)
                return lost;
        }
        int comers = wasListening ? MostComers() : 0;
        for (int i = 0; i < comers; i++)
        {
            if ((Do(new Step(StepKind.Open, i, i)) ?? Do(new Step(StepKind.Link, i, i))) is string refused)
                return refused;
        }
        if (_server.LinkedCount != comers)
            return $"I11: {comers} clients retried and {_server.LinkedCount} are linked";
        if (wasListening && Do(new Step(StepKind.CloseServer, 0, 0)) is string closing)
            return closing;
        for (int slot = 0; slot < comers; slot++)
        {
            if (Do(new Step(StepKind.Lose, slot, 0)) is string lost)
                return lost;
        }
        return _server is { Status: RoomStatus.Closed, ConnectionCount: 0, Users.Count: 0 }
            ? null
            : $"I10: after closing the server is {_server.Status} with {_server.ConnectionCount} connections and {_server.Users.Count} users";
    }

    /// <summary>How many clients can be linked at once, where each takes the next of the names and seats that nobody was ever in stay.</summary>
    private int MostComers()
    {
        int comers = Math.Min(_slots.Length, _setup.Names);
        while (comers + _invariants.Seats.Count(seat => Array.IndexOf(Catalogue.Names, seat) >= comers) > _setup.MaxUsers)
            comers--;
        return Math.Max(0, comers);
    }

    private void EndTurn()
    {
        _input.EndTurn();
        _output.EndInput();
        _model.EndTurn();
    }

    private string? CheckSeats() => _output.SeatedCount == _server.LinkedCount
        ? null
        : $"I13: {_output.SeatedCount} connections are seated, {_server.LinkedCount} are linked";

    private string? CheckJournal() => _server.JournalBytes <= _model.JournalBytes
        ? null
        : $"I15: {_server.JournalBytes} bytes are kept for sessions, expected are {_model.JournalBytes} at most";

    /// <summary>What is due has happened, and what is not is announced.</summary>
    private string? CheckDue() => _input.NextDue == _model.NextDue
        ? null
        : $"expected {_model.NextDue?.ToString() ?? "nothing"} to be due next, it is {_input.NextDue?.ToString() ?? "nothing"}";

    private void Apply(in Step step, int slot, string name)
    {
        long connection = _slots[slot];
        switch (step.Kind)
        {
            case StepKind.Open when connection == 0:
                Open(slot);
                break;
            case StepKind.Open or StepKind.Message:
                Receive(connection, NextMessage());
                break;
            case StepKind.Link:
                Receive(connection, Catalogue.LinkOf(step.Name % _setup.Names, step.Choice));
                break;
            case StepKind.Rival:
                Receive(connection, Catalogue.LinkOf(LinkedName(step.Name), step.Choice % 2));
                break;
            case StepKind.Unlink:
                Receive(connection, Catalogue.Unlink);
                break;
            case StepKind.Leave:
                Receive(connection, Catalogue.Leave);
                break;
            case StepKind.Hostile:
                Receive(connection, Catalogue.Hostile[step.Choice % Catalogue.Hostile.Length]);
                break;
            case StepKind.Answer:
                _input.ConnectionAnswered(new ConnectionId(connection));
                _model.Answered(connection);
                break;
            case StepKind.Lose:
                Lose(slot, step.Choice % 3 == 1 ? UnlinkReason.TooSlow : UnlinkReason.ConnectionClosed);
                break;
            case StepKind.LinkWithSession:
                LinkWithSession(step, name);
                break;
            case StepKind.Resume:
                Resume(step, name);
                break;
            case StepKind.Ack:
                Ack(step);
                break;
            case StepKind.Burst:
                Burst(step);
                break;
            case StepKind.LoseWithSession:
                LoseWithSession(step);
                break;
            default:
                ApplyDecision(step, name);
                break;
        }
    }

    private void Open(int slot)
    {
        _slots[slot] = ++_lastConnection;
        _input.ConnectionOpened(new ConnectionId(_lastConnection));
        _model.Opened(_lastConnection);
    }

    private SimFrame NextMessage() => Catalogue.Messages[_messages++ % Catalogue.Messages.Length];

    private void ApplyDecision(in Step step, string name)
    {
        // Any of the latest attempts, so that many an answer comes too late or twice.
        long attempt = Math.Max(1, _invariants.LastAttempt - (step.Choice % 5));
        switch (step.Kind)
        {
            case StepKind.AuthAccept:
                string? meta = Meta(step.Choice / 8);
                _input.AuthenticationCompleted(new AttemptId(attempt), meta is null ? LinkResult.Accept : LinkResult.Accept.WithMeta(meta));
                _model.Authenticated(attempt, refusal: null, meta);
                break;
            case StepKind.AuthReject:
                _input.AuthenticationCompleted(new AttemptId(attempt), step.Choice % 2 == 0 ? LinkResult.Reject("no entry") : default);
                _model.Authenticated(attempt, step.Choice % 2 == 0 ? "no entry" : "authentication failed");
                break;
            case StepKind.PassTime:
                Pass(TimeSpan.FromSeconds(4 * (1 + (step.Choice % 3)) - (step.Choice % 2 == 0 ? 0 : 3)));
                break;
            case StepKind.PassMoment:
                Pass(TimeSpan.FromMilliseconds(125 * (1 + (step.Choice / 4 % 3))));
                break;
            case StepKind.CloseServer when _server.Status == RoomStatus.Open:
                _input.Close();
                _model.CloseServer();
                break;
            default:
                Call(step, name, _real);
                Call(step, name, _model);
                _model.EndCall();
                break;
        }
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        _input.Advance(_now);
        _model.Advance(_now);
    }

    private void Call(in Step step, string name, ISide side)
    {
        switch (step.Kind)
        {
            case StepKind.AppJoin:
                side.Join(step.Choice % 8 == 0 ? Catalogue.InvalidName : name);
                break;
            case StepKind.AppUnlink:
                side.Unlink(name);
                break;
            case StepKind.AppKick:
                side.Kick(name);
                break;
            case StepKind.AppSend:
                Send(step, name, side);
                break;
            case StepKind.AppBroadcast or StepKind.AppBroadcastExcept:
                Broadcast(step, step.Kind == StepKind.AppBroadcast ? null : name, side);
                break;
            case StepKind.AppReserved:
                side.BroadcastReserved();
                break;
            case StepKind.ToggleNewUsers:
                side.AcceptNewUsers(step.Choice % 3 != 0);
                break;
            case StepKind.AppSetMeta:
                side.SetMeta(name, Meta(step.Choice / 8));
                break;
            case StepKind.AppSetAlarm:
                side.SetAlarm(name, AlarmTime(step));
                break;
            case StepKind.AppCancelAlarm:
                side.CancelAlarm(name);
                break;
        }
    }

    private void Send(in Step step, string name, ISide side)
    {
        switch (step.Choice / 4 % 4)
        {
            case 2:
                side.SendVolatile(name, 2 * _steps);
                break;
            case 3:
                side.SendToSome([name, Catalogue.Names[step.Choice / 16 % _setup.Names], name], 2 * _steps);
                break;
            default:
                side.SendTo(name, 2 * _steps);
                break;
        }
    }

    private void Broadcast(in Step step, string? except, ISide side)
    {
        if (step.Choice / 4 % 4 == 3)
            side.BroadcastVolatile(except, 2 * _steps);
        else
            side.Broadcast(except, 2 * _steps);
    }

    /// <summary>After what time an alarm is due: like the times that pass, so that many are due just then, and several at once.</summary>
    private static TimeSpan AlarmTime(in Step step) => TimeSpan.FromSeconds(step.Choice / 8 % 5 * 4);

    /// <summary>Metadata, if any, of which there are so few that many a user has had them already.</summary>
    private static string? Meta(int choice) => (choice % 4) switch
    {
        2 => "red",
        3 => "blue",
        _ => null,
    };

    private int LinkedName(int choice)
    {
        string[] linked = [.. _model.Users.Where(user => user.IsLinked).Select(user => user.Name)];
        return linked.Length == 0 ? choice % _setup.Names : Array.IndexOf(Catalogue.Names, linked[choice % linked.Length]);
    }

    private void Receive(long connection, SimFrame frame)
    {
        _input.FrameReceived(new ConnectionId(connection), frame.Inbound);
        _model.Received(connection, frame);
    }

    private void Lose(int slot, UnlinkReason reason)
    {
        long connection = _slots[slot];
        _slots[slot] = 0;
        _input.ConnectionClosed(new ConnectionId(connection), reason);
        _invariants.Lost(connection);
        _model.Lost(connection, reason);
    }

    private string? Compare(bool inAnyOrder)
    {
        List<Effect> expected = _model.Effects;
        List<Effect> actual = _output.Effects;
        if (inAnyOrder)
        {
            // Which connection closes first is nobody's business; what each one sees is.
            expected = [.. expected.OrderBy(e => e.Connection).ThenBy(e => e.Kind == EffectKind.AuthCancel ? e.Text : "")];
            actual = [.. actual.OrderBy(e => e.Connection).ThenBy(e => e.Kind == EffectKind.AuthCancel ? e.Text : "")];
        }
        SortReceivers(expected);
        SortReceivers(actual);
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i >= expected.Count || i >= actual.Count || expected[i] != actual[i])
                return $"effect {i}: expected {Show(expected, i)}, saw {Show(actual, i)}";
            Hash = (Hash ^ (ulong)string.GetHashCode(actual[i].Text, StringComparison.Ordinal)) * 1099511628211;
        }
        if (_server.Status != _model.Status)
            return $"expected the server to be {_model.Status}, it is {_server.Status}";
        if (!_server.Users.Select(user => (user.Name, user.IsLinked, user.IsReachable, user.Meta?.Deserialize<string>())).SequenceEqual(_model.Users))
            return $"expected the users {string.Join(", ", _model.Users)}, there are {string.Join(", ", _server.Users)}";
        if (!_server.Alarms.Select(alarm => (alarm.Name, alarm.TimeLeft)).SequenceEqual(_model.Alarms))
            return $"expected the alarms {string.Join(", ", _model.Alarms)}, there are {string.Join(", ", _server.Alarms)}";
        return null;
    }

    /// <summary>Who is sent a frame first, of those who are sent the same, is nobody's business either.</summary>
    private static void SortReceivers(List<Effect> effects)
    {
        for (int start = 0, end; start < effects.Count; start = end)
        {
            end = start + 1;
            while (end < effects.Count && IsSameForAll(effects[start], effects[end]))
                end++;
            effects.Sort(start, end - start, ByConnection);
        }
    }

    private static bool IsSameForAll(in Effect one, in Effect other) =>
        one.Kind == EffectKind.Frame && other.Kind == EffectKind.Frame && (one.Text == other.Text || (IsAck(one) && IsAck(other)));

    private static bool IsAck(in Effect frame) => frame.Text.StartsWith("""{"type":"krmx/ack""", StringComparison.Ordinal);

    private static string Show(List<Effect> effects, int i) => i < effects.Count ? effects[i].ToString() : "nothing";

    private void Listen()
    {
        foreach (Action<string> listener in new Action<string>[] { Hear, _secondListener.Add })
        {
            _server.OnJoin(user => listener($"join {user.Name}"));
            _server.OnLink((user, link) => listener($"link {user.Name}{(link.IsRecovered ? " recovered" : "")}"));
            _server.OnMessage((user, message) => listener($"message {user.Name} {message.Type} {Encoding.UTF8.GetString(message.Payload.Span)}"));
            _server.OnUnlink((user, reason) => listener($"unlink {user.Name} {reason}"));
            _server.OnSessionEnded((user, reason) => listener($"session {user.Name} {reason}"));
            _server.OnLeave(user => listener($"leave {user.Name}"));
            _server.OnClose(() => listener("close"));
            _server.OnAlarm(name => listener($"alarm {name}"));
        }
    }

    private void Hear(string what)
    {
        _output.Add(new Effect(EffectKind.Event, 0, what));
        _onRealEvent();
    }

    /// <summary>The listeners of both sides do the same at the same event.</summary>
    private void ArmListeners(Step step)
    {
        if (step.Reaction == Reaction.None)
        {
            _onRealEvent = _model.OnEvent = static () => { };
            return;
        }
        _onRealEvent = Reactor(step, _real, () => throw new InvalidOperationException("a listener threw"));
        _model.OnEvent = Reactor(step, _model, () => _model.Effects.Add(new Effect(EffectKind.ListenerFailed, 0, "a listener threw")));
    }

    private Action Reactor(Step step, ISide side, Action fail)
    {
        int events = 0;
        string name = Catalogue.Names[step.ReactionName % _setup.Names];
        return () =>
        {
            if (events++ != step.ReactionAt)
                return;
            switch (step.Reaction)
            {
                case Reaction.Kick:
                    side.Kick(name);
                    break;
                case Reaction.Join:
                    side.Join(name);
                    break;
                case Reaction.Unlink:
                    side.Unlink(name);
                    break;
                case Reaction.Send:
                    side.SendTo(name, (2 * _steps) + 1);
                    break;
                case Reaction.Broadcast:
                    side.Broadcast(except: null, (2 * _steps) + 1);
                    break;
                case Reaction.RefuseNewUsers:
                    side.AcceptNewUsers(false);
                    break;
                case Reaction.SetMeta:
                    side.SetMeta(name, Meta(step.Choice / 32));
                    break;
                case Reaction.SetAlarm:
                    side.SetAlarm(name, AlarmTime(step));
                    break;
                case Reaction.CancelAlarm:
                    side.CancelAlarm(name);
                    break;
                case Reaction.Throw:
                    fail();
                    break;
            }
        };
    }
}

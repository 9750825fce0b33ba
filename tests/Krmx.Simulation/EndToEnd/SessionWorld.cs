using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Simulation.EndToEnd;

/// <summary>
/// The real room and real clients, with a network between them that loses connections at any point and tells either end of it late. The application on both
/// sides writes down what it sent, and whatever it hears is compared with that: everything once and in order, or a gap first (protocol section 10).
/// </summary>
public sealed partial class SessionWorld : IRoomDiagnostics
{
    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    private readonly SessionSetup _setup;
    private readonly RoomEffects _effects = new();
    private KrmxRoomCore _room;
    private IRoomInput _input;
    private SeatTable _seats = new();
    private readonly Dictionary<ConnectionId, (Wire Wire, SessionClient Client)> _wires = [];
    private readonly SessionClient[] _clients;
    private readonly List<List<string>> _epochs = [[]]; // what who was linked anew for the n-th time was sent since
    private readonly Dictionary<string, int> _epochOf = []; // of users who are reachable
    private readonly Queue<ConnectionId> _answers = new(); // connections that were asked whether they are alive
    private readonly List<HashSet<KrmxConnectionInfo>> _hints = []; // to whom each thing went that may be lost
    private long _lastConnection;
    private int _said;
    private string? _violation;

    public SessionWorld(SessionSetup setup)
    {
        _setup = setup;
        _disk = setup.Durability == Durability.None ? null : new Disk();
        _input = _room = MakeRoom();
        _clients = [.. Enumerable.Range(0, setup.Users * setup.ClientsOfUser).Select(
            i => new SessionClient(this, i, Names[i % setup.Users], hasSessions: i % 5 != 4))];
    }

    /// <summary>The time, for the room and for everybody.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>A number that differs when what happened differs.</summary>
    public ulong Hash { get; private set; }

    public void Fail(string what) => _violation ??= what;

    /// <summary>Does something.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public string? Do(int kind, int client, int choice)
    {
        try
        {
            Apply(kind, _clients[client % _clients.Length], choice);
            if (choice % 3 != 0)
                EndTurn();
        }
        catch (Exception error)
        {
            Fail(error.ToString());
        }
        return _violation;
    }

    /// <summary>Faults stop: everybody who can comes back, and has everything then.</summary>
    public string? Heal()
    {
        try
        {
            EndTurn();
            ComeBack(_clients[..((_clients.Length + 1) / 2)]);
            CheckViews();
            ComeBack(_clients);
            CheckAtRest();
        }
        catch (Exception error)
        {
            Fail(error.ToString());
        }
        return _violation;
    }

    /// <summary>What a client has heard since its link began anew is what it was sent since, as far as that has come.</summary>
    internal void CheckHeard(SessionClient client)
    {
        List<string> due = _epochs[client.Epoch];
        int last = client.Heard.Count - 1;
        if (last >= due.Count || client.Heard[last] != due[last])
            Fail($"client {client.Number} heard '{client.Heard[last]}' as number {last + 1}, not '{(last < due.Count ? due[last] : "nothing")}'");
        Hash = (Hash ^ (ulong)string.GetHashCode(client.Heard[last], StringComparison.Ordinal)) * 1099511628211;
    }

    void IRoomDiagnostics.Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    void IRoomDiagnostics.ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        Fail($"the room found that {username} broke the protocol: {messageType}");

    void IRoomDiagnostics.PayloadRefused(string username, string messageType, Exception error) => Fail(error.ToString());

    void IRoomDiagnostics.ListenerFailed(string eventName, Exception error) => Fail(error.ToString());

    private KrmxRoomCore MakeRoom(RoomMemory? memory = null)
    {
        var options = new KrmxRoomOptions();
        options.Links.Conflict = _setup.Conflict;
        options.Sessions.Grace = _setup.Grace;
        options.Sessions.MaxJournalEntries = _setup.MaxEntries;
        options.Sessions.MaxJournalBytes = _setup.MaxBytes;
        options.Users.PresenceInterval = _setup.PresenceInterval;
        options.Users.Timeout = _setup.Timeout;
        var room = new KrmxRoomCore(options, _effects, this, memory: memory ?? (_disk is null ? null : new RoomMemory(ClockZero)));
        room.OnLink((user, link) =>
        {
            // One that has another link by now is told when that one's event comes.
            if (!link.IsRecovered && user.Link == link)
                BeginEpoch(user);
        });
        room.OnUnlink((user, _) => EndEpochUnlessReachable(user));
        room.OnSessionEnded((user, _) => EndEpochUnlessReachable(user));
        room.OnMessage("say", (user, message) => Handled(user, SessionClient.Text(message)));
        if (_disk is not null)
            WriteDown(room);
        _input = _room = room;
        _input.Open();
        _input.Opened();
        return room;
    }

    private void Apply(int kind, SessionClient client, int choice)
    {
        switch (kind)
        {
            case 0 or 1 or 2 or 3:
                DeliverToRoom(client.Wire);
                break;
            case 4 or 5 or 6 or 7:
                DeliverToClient(client);
                break;
            case 8:
                LoseToClient(client);
                break;
            case 9:
                LoseToRoom(_wires.Values.ElementAtOrDefault(choice % Math.Max(1, _wires.Count)).Wire, choice);
                break;
            case 10:
                // A connection that its client has given up: what it sent may arrive late.
                DeliverToRoom(_wires.Values.Where(static pair => pair.Wire.IsLostToClient).Select(static pair => pair.Wire).FirstOrDefault());
                break;
            case 11 or 12:
                Reconnect(client);
                break;
            case 13:
                Advance(TimeSpan.FromMilliseconds(100 << (choice % 7)));
                break;
            case 14 or 15 or 16 when client.CanSend:
                client.Say();
                break;
            case 17 when choice % 8 == 0 && client.Core.Status == ClientStatus.Linked:
                _mustRecover.Remove(client);
                client.Input.Unlink();
                break;
            case 17 when choice % 8 == 1 && client.Core.Status == ClientStatus.Linked:
                _mustRecover.Remove(client);
                client.Input.Leave();
                break;
            case 17 when choice % 8 == 2:
                _mustRecover.Remove(client);
                client.Abandon();
                break;
            case 18 or 19 or 20:
                Speak(choice);
                break;
            case 22 when client.CanSend:
                client.Hint();
                break;
            case 23:
                Hint();
                break;
            case 21 when choice % 6 == 0 && _room.FindUser(client.Username) is { IsLinked: true }:
                _room.Unlink(client.Username);
                break;
            case 21 when choice % 6 is 2 or 3:
                _room.FindUser(client.Username)?.SetMeta(choice % 5);
                break;
            case 21 when choice % 6 == 1 && _room.HasUser(client.Username):
                _room.Kick(client.Username);
                break;
            case >= FirstDurableKind when _disk is not null:
                ApplyToDisk(kind, choice);
                break;
        }
        Carry();
    }

    private void Speak(int choice)
    {
        string text = $"said {++_said}";
        KrmxMessage message = KrmxMessage.Create("said", text);
        string name = Names[choice / 3 % _setup.Users];
        switch (choice % 3)
        {
            case 0:
                Due(text, static _ => true);
                _room.Broadcast(message);
                break;
            case 1 when _room.HasUser(name):
                Due(text, other => other != name);
                _room.BroadcastExcept(name, message);
                break;
            case 2 when _room.FindUser(name) is { IsReachable: true }:
                Due(text, other => other == name);
                _room.Send(name, message);
                break;
        }
    }

    /// <summary>Sends something that may be lost, to those who are linked now and to nobody else.</summary>
    private void Hint()
    {
        _hints.Add([.. _room.Users.Where(static user => user.IsLinked).Select(static user => user.Link!.Connection)]);
        _room.BroadcastVolatile("hint", _hints.Count - 1);
    }

    private void Due(string text, Func<string, bool> isReceiver)
    {
        foreach ((string name, int epoch) in _epochOf)
        {
            if (isReceiver(name))
                _epochs[epoch].Add(text);
        }
    }

    private void BeginEpoch(KrmxUser user)
    {
        string text = $"epoch {_epochs.Count}";
        _epochOf[user.Name] = _epochs.Count;
        if (!_wires.Values.Single(pair => pair.Wire.Facts == user.Link!.Connection).Client.HasSessions)
            _unstored.Add(_epochs.Count);
        _epochs.Add([text]);
        _room.Send(user.Name, KrmxMessage.Create("said", text));
    }

    private void EndEpochUnlessReachable(KrmxUser user)
    {
        if (_room.FindUser(user.Name) is not { IsReachable: true })
            _epochOf.Remove(user.Name);
    }

    private void Handled(KrmxUser user, string text)
    {
        SessionClient client = _clients[int.Parse(text[..text.IndexOf('.', StringComparison.Ordinal)], null)];
        if (client.Username != user.Name)
            Fail($"{text} was handled as a message of {user.Name}");
        client.Handled(text);
    }

    private void Reconnect(SessionClient client)
    {
        if (client.Core.Status == ClientStatus.Disconnected)
            client.Input.Connecting();
        if (client.Wire is null)
        {
            var wire = new Wire(new ConnectionId(++_lastConnection));
            client.Wire = wire;
            _wires.Add(wire.Id, (wire, client));
            _input.ConnectionOpened(wire.Id, wire.Facts);
            client.Input.Connected();
        }
        if (client.Core.Status == ClientStatus.Connected ||
            (client.Core.Status == ClientStatus.Reconnecting && client.Wire.ToRoom.Count == 0 && !client.IsAsking))
        {
            client.IsAsking = true;
            client.Input.Link(client.Username, null);
        }
    }

    private static void LoseToClient(SessionClient client)
    {
        if (client.Wire is not Wire wire)
            return;
        wire.IsLostToClient = true;
        wire.ToClient.Clear();
        client.Lose();
    }

    private void LoseToRoom(Wire? wire, int choice)
    {
        if (wire is null || wire.IsLostToRoom)
            return;
        wire.IsLostToRoom = true;
        wire.ToRoom.Clear();
        UnlinkReason reason = (choice % 3) switch
        {
            0 => UnlinkReason.TooSlow,
            1 => UnlinkReason.TimedOut,
            _ => UnlinkReason.ConnectionClosed,
        };
        _input.ConnectionClosed(wire.Id, reason);
        _wires.Remove(wire.Id);
    }

    private void DeliverToRoom(Wire? wire)
    {
        if (wire is { IsLostToRoom: false } && wire.ToRoom.TryDequeue(out byte[]? frame))
            _input.FrameReceived(wire.Id, InboundFrame.Parse(frame));
    }

    private static void DeliverToClient(SessionClient client)
    {
        if (client.Wire is not Wire wire)
            return;
        if (wire.ToClient.TryDequeue(out byte[]? frame))
            client.Receive(InboundFrame.Parse(frame));
        else if (wire.Closed is not null)
            LoseToClient(client);
    }

    private void Advance(TimeSpan time)
    {
        Now += time;
        _input.Advance(Now);
        Carry();
        CheckTime();
        foreach (SessionClient client in _clients)
            client.Elapse(Now);
    }

    private void EndTurn()
    {
        _input.EndTurn();
        if (_disk is null)
            Carry();
        else
            EndDurableTurn();
    }

    /// <summary>What the room did goes out, at once where it is not durable.</summary>
    private void Carry()
    {
        if (_disk is not null)
            return;
        Carry(_effects.InOrder);
        _effects.Clear();
        Answer();
        if (_effects.InOrder.Length > 0)
            Carry();
    }

    private void Answer()
    {
        while (_answers.TryDequeue(out ConnectionId answering))
            _input.ConnectionAnswered(answering);
    }

    private void Carry(ReadOnlySpan<RoomEffect> effects)
    {
        foreach (ref readonly RoomEffect effect in effects)
        {
            _seats.Follow(effect);
            foreach (ConnectionId receiver in _seats.Receivers(effect))
            {
                if (!_wires.TryGetValue(receiver, out var pair) || pair.Wire.IsLostToClient)
                    continue;
                if (effect.IsVolatile && !_hints[KrmxMessageNumber(effect)].Contains(pair.Wire.Facts))
                    Fail($"client {pair.Client.Number} is sent something that is not for it");
                foreach (ReadOnlyMemory<byte> frame in SeatTable.Frames(effect))
                    pair.Wire.ToClient.Enqueue(frame.ToArray());
            }
            if (effect.Kind == RoomEffectKind.Close && _wires.TryGetValue(effect.Connection, out var closed))
                closed.Wire.Closed = effect.CloseCode;
            if (effect.Kind == RoomEffectKind.Challenge && _wires.TryGetValue(effect.Connection, out var asked) && !asked.Wire.IsLostToClient)
                _answers.Enqueue(effect.Connection);
        }
    }

    private static int KrmxMessageNumber(in RoomEffect effect) => InboundFrame.Parse(effect.Frame.ToArray()).Message.Deserialize<int>();

    private void ComeBack(SessionClient client)
    {
        StoreAll();
        // The room hears of every connection that its client has given up.
        foreach (Wire wire in _wires.Values.Select(static pair => pair.Wire).Where(static wire => wire.IsLostToClient).ToArray())
            LoseToRoom(wire, 2);
        EndTurn();
        if (client.Wire is { IsLostToRoom: true })
            LoseToClient(client);
        if (client.Core.Status != ClientStatus.Linked)
            Reconnect(client);
    }

    private void ComeBack(SessionClient[] clients)
    {
        for (int round = 0; round < 4; round++)
        {
            foreach (SessionClient client in clients)
                ComeBack(client);
            DeliverAll();
        }

        // Whoever has been away for too long leaves, and then everybody is told.
        for (int i = 0; i < 3; i++)
        {
            Advance(TimeSpan.FromSeconds(4));
            EndTurn();
            StoreAll();
            DeliverAll();
        }
    }

    /// <summary>Whoever is linked knows who is there, and who of them is linked.</summary>
    private void CheckViews()
    {
        foreach (SessionClient client in _clients.Where(client => client.Core.Status == ClientStatus.Linked && client.Wire is { IsLostToRoom: false }))
        {
            if (!client.Core.Users.SequenceEqual(_room.Users.Select(static other => new ClientUser(other.Name, other.IsLinked, other.Meta))))
                Fail($"client {client.Number} sees {string.Join(", ", client.Core.Users)}, there are {string.Join(", ", _room.Users)}");
        }
    }

    private void DeliverAll()
    {
        for (bool isBusy = true; isBusy && _violation is null;)
        {
            isBusy = false;
            foreach (SessionClient client in _clients)
            {
                isBusy |= client.Wire is { } wire && (wire.ToRoom.Count > 0 || wire.ToClient.Count > 0 || wire.Closed is not null);
                DeliverToRoom(client.Wire);
                Carry();
                DeliverToClient(client);
                Carry();
            }
            EndTurn();
            StoreAll();
        }
    }

    private void CheckAtRest()
    {
        CheckViews();
        foreach (KrmxUser user in _room.Users.Where(static user => user.IsLinked))
        {
            SessionClient? client = _clients.SingleOrDefault(client => client.Username == user.Name && client.Core.Status == ClientStatus.Linked);
            if (client is null)
            {
                Fail($"{user} is linked to nobody, or to several");
                continue;
            }
            if (!client.Heard.SequenceEqual(_epochs[_epochOf[user.Name]]))
                Fail($"client {client.Number} heard {client.Heard.Count} messages of {_epochs[_epochOf[user.Name]].Count}");
            string[] lost = [.. client.Unhandled.Where(text => client.SessionKey is not null && !client.Unconfirmed.Contains(text))];
            if (lost.Length > 0)
                Fail($"client {client.Number} was never told that {lost[0]} is lost");
        }
        if (_room.LinkedCount != _setup.Users)
            Fail($"{_room.LinkedCount} of {_setup.Users} users came back");
    }
}

using Krmx.Rooms;

namespace Krmx.Simulation.EndToEnd;

// A room that outlives its process: turns are stored late, commits fail, and the process dies between any two steps. What the application has written down goes back
// to the last turn that is on the disk, and nobody may have been told more than that.
public sealed partial class SessionWorld
{
    /// <summary>The first of the kinds of steps that only durable rooms have.</summary>
    public const int FirstDurableKind = 24;

    /// <summary>How many kinds of steps there are with them.</summary>
    public const int DurableKinds = 34;

    private static readonly DateTimeOffset ClockZero = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Disk? _disk;
    private readonly SortedDictionary<long, Written> _written = []; // what was true after each turn that is not known to be on the disk, and after the last that is
    private Dictionary<string, TimeSpan> _alarms = new(StringComparer.Ordinal);
    private HashSet<string> _linked = new(StringComparer.Ordinal);
    private readonly HashSet<SessionClient> _mustRecover = []; // whose sessions were stored when the room was made again, and did not end since
    private Dictionary<string, TimeSpan> _awaySince = new(StringComparer.Ordinal);
    private OutputGate _gate = new(0);
    private long _lastTurn; // of a room whose output does not wait
    private int _takeSnapshot;

    // Epochs of links without a session: nothing is kept for them, so nothing of what they are told has to be stored, but what follows from it.
    private readonly HashSet<int> _unstored = [];

    private bool IsConfirmed => _setup.Durability == Durability.Confirmed;

    /// <summary>The process dies after as many commits have landed as are left to, and the room goes on from the disk.</summary>
    public void Crash(int landing)
    {
        for (int i = 0; i < landing; i++)
            _disk!.TryLand();
        foreach ((Wire wire, _) in _wires.Values)
        {
            wire.IsLostToRoom = true;
            wire.ToRoom.Clear();
        }
        Reload(isClean: false);
    }

    /// <summary>How many commits are on their way.</summary>
    public int CommitsUnderWay => _disk!.UnderWay;

    private void WriteDown(KrmxRoomCore room)
    {
        room.OnLink((user, link) =>
        {
            if (user.Link != link)
                return;
            _linked.Add(user.Name);
            _awaySince.Remove(user.Name);
            SessionClient client = _wires.Values.Single(pair => pair.Wire.Facts == link.Connection).Client;
            if (_mustRecover.Remove(client) && !link.IsRecovered)
                Fail($"client {client.Number} begins anew, though its session was stored");
        });
        room.OnSessionEnded((user, _) => _mustRecover.RemoveWhere(client => client.Username == user.Name));
        room.OnLeave(user => _awaySince.Remove(user.Name));
        room.OnUnlink((user, reason) =>
        {
            if (user is { IsLinked: false } && room.FindUser(user.Name) == user)
                _awaySince[user.Name] = Now;
            // Of those who were linked by an event that has not come yet, nothing is known here.
            if (!_linked.Remove(user.Name) && reason == UnlinkReason.ServerRestarted)
                Fail($"{user.Name} is said to have been linked before the restart");
        });
        room.OnAlarm(name =>
        {
            if (!_alarms.Remove(name, out TimeSpan due) || due > Now)
                Fail($"the alarm {name} rang, which is {(due > Now ? $"due at {due} and not at {Now}" : "not set")}");
        });
    }

    private void ApplyToDisk(int kind, int choice)
    {
        switch (kind)
        {
            case 24 or 25 or 26:
                Land();
                break;
            case 27 or 28:
                // It has landed, and nobody knows.
                _disk!.TryLand();
                break;
            case 29 when choice % 4 == 1:
                // All is told that there is to tell, and nothing has changed since.
                Advance(TimeSpan.FromMilliseconds(300));
                EndTurn();
                Land();
                foreach (SessionClient client in _clients.Concat(_clients))
                    DeliverToClient(client);
                Crash(0);
                break;
            case 29 when choice % 4 == 0:
                Crash(choice / 4 % (_disk!.UnderWay + 1));
                break;
            case 30 when choice % 4 == 0 && IsConfirmed:
                Lose();
                break;
            case 31 when choice % 4 == 0:
                Rest();
                break;
            case 32:
                string name = $"alarm {choice % 3}";
                var due = TimeSpan.FromMilliseconds(10 << (choice / 3 % 12));
                _room.SetAlarm(name, due);
                _alarms[name] = Now + due;
                break;
            case 33:
                _takeSnapshot++;
                break;
        }
    }

    private void EndDurableTurn()
    {
        if (_input.TakeRecord() is ReadOnlyMemory<byte> record)
            Write(record);
        if (IsConfirmed)
            Carry(_gate.Add(_effects));
        else
            Carry(_effects.InOrder);
        _effects.Clear();
        if (_answers.Count == 0)
            return;
        Answer();
        EndTurn();
    }

    private void Write(ReadOnlyMemory<byte> record)
    {
        long number = _lastTurn = IsConfirmed ? _gate.Write() : _lastTurn + 1;
        ReadOnlyMemory<byte>? snapshot = _takeSnapshot > 0 ? _input.TakeSnapshot() : (ReadOnlyMemory<byte>?)null;
        _takeSnapshot = 0;
        _disk!.Write(number, record, snapshot);
        _written[number] = Remember();
    }

    /// <summary>The next commit lands, and the room hears of it.</summary>
    private void Land()
    {
        if (!_disk!.TryLand() && _gate.Stored >= _disk.Landed)
            return;
        Confirm();
    }

    private void Confirm()
    {
        foreach (long number in _written.Keys.Where(number => number < _disk!.Landed).ToArray())
            _written.Remove(number);
        if (!IsConfirmed)
            return;
        _gate.Store(_disk!.Landed);
        while (_gate.TryRelease(out RoomEffect[]? effects))
            Carry(effects);
        if (_answers.Count == 0)
            return;
        Answer();
        EndTurn();
    }

    private void StoreAll()
    {
        if (_disk is null)
            return;
        do
        {
            while (_disk.TryLand())
            {
            }
            Confirm();
        }
        while (_disk.UnderWay > 0);
    }

    /// <summary>A commit fails for good: nobody is told of what it would have stored.</summary>
    private void Lose()
    {
        _gate.Discard();
        _effects.Clear();
        CloseAll();
        Reload(isClean: false);
    }

    /// <summary>The room is put to rest, and everything is stored.</summary>
    private void Rest()
    {
        EndTurn();
        StoreAll();
        CloseAll();
        if (_input.TakeRecord(isLast: true) is ReadOnlyMemory<byte> record)
            Write(record);
        while (_disk!.TryLand())
        {
        }
        Reload(isClean: true);
    }

    private void CloseAll()
    {
        _input.Rest(CloseCode.ServiceRestart);
        _effects.Clear();
        foreach ((Wire wire, _) in _wires.Values)
        {
            wire.Closed = CloseCode.ServiceRestart;
            wire.IsLostToRoom = true;
            wire.ToRoom.Clear();
            _input.ConnectionClosed(wire.Id);
        }
        _effects.Clear();
        if (_room.Status != RoomStatus.Closed)
            Fail("the room has not closed though its connections have");
    }

    private void Reload(bool isClean)
    {
        _disk!.Fence();
        _wires.Clear();
        _answers.Clear();
        _effects.Clear();
        _seats = new SeatTable();
        _gate = new OutputGate(_disk.Landed);
        _lastTurn = _disk.Landed;
        Written written = _written.TryGetValue(_disk.Landed, out Written? known) ? known : new Written([], [], [], [], [], []);
        _written.Clear();
        _written[_disk.Landed] = written;
        bool forgets = !IsConfirmed && !isClean;
        Recall(written, forgets);
        string[] wereLinked = [.. _linked];

        // The record that says so is not on the disk yet: until it is, each restart finds the same.
        MakeRoom(new RoomMemory(ClockZero, _disk.Content) { Now = Now, ForgetsSessions = forgets });
        if (_linked.Count > 0)
            Fail($"nobody was told that {string.Join(", ", _linked)} were linked before the restart, as were {string.Join(", ", wereLinked)}");
        if (!_room.Users.Select(static user => (user.Name, user.Meta)).SequenceEqual(written.Users))
            Fail($"there were {string.Join(", ", written.Users)} and there are {string.Join(", ", _room.Users)}");
        if (!forgets && _clients.FirstOrDefault(client => HasStoredSession(client, written) && !_room.FindUser(client.Username)!.IsReachable) is SessionClient client)
            Fail($"client {client.Number} cannot go on where it left off, though its session was stored");
        _mustRecover.Clear();
        if (!forgets)
            _mustRecover.UnionWith(_clients.Where(client => HasStoredSession(client, written)));
        if (!_room.Alarms.Select(static alarm => alarm.Name).Order(StringComparer.Ordinal).SequenceEqual(_alarms.Keys.Order(StringComparer.Ordinal)))
            Fail($"the alarms {string.Join(", ", _alarms.Keys)} were set, and {string.Join(", ", _room.Alarms.Select(static alarm => alarm.Name))} are");
        EndTurn();
    }

    /// <summary>Whether a client has a session that is stored, with all that it may have missed.</summary>
    private bool HasStoredSession(SessionClient client, Written written) =>
        client.HasSessions && _setup.MaxEntries == 4096 && _setup.MaxBytes > 200 &&
        written.EpochOf.TryGetValue(client.Username, out int epoch) && client.Epoch == epoch;

    /// <summary>What was due by now has happened.</summary>
    private void CheckTime()
    {
        if (_disk is null)
            return;
        foreach ((string name, TimeSpan due) in _alarms)
        {
            if (due <= Now)
                Fail($"the alarm {name} was due at {due}, and has not rung at {Now}");
        }
        foreach ((string name, TimeSpan since) in _awaySince)
        {
            if (_setup.Timeout > TimeSpan.Zero && since + _setup.Timeout <= Now)
                Fail($"{name} has been away since {since}, and has not left at {Now}");
        }
    }

    private Written Remember() => new(
        [.. _epochs.Select(static epoch => epoch.Count)],
        new Dictionary<string, int>(_epochOf),
        [.. _clients.Select(static client => client.Remember())],
        new Dictionary<string, TimeSpan>(_alarms, StringComparer.Ordinal),
        new HashSet<string>(_linked, StringComparer.Ordinal),
        [.. _room.Users.Select(static user => (user.Name, user.Meta))]);

    /// <summary>What happened after a turn has not happened; and nobody knows of it.</summary>
    private void Recall(Written written, bool forgets)
    {
        _alarms = new Dictionary<string, TimeSpan>(written.Alarms, StringComparer.Ordinal);
        _linked = new HashSet<string>(written.Linked, StringComparer.Ordinal);
        _awaySince = written.Users.ToDictionary(static user => user.Name, _ => Now, StringComparer.Ordinal);
        _epochOf.Clear();
        if (forgets)
            return;
        for (int i = 0; i < _clients.Length; i++)
            _clients[i].Recall(i < written.Clients.Length ? written.Clients[i] : default);
        foreach ((string name, int epoch) in written.EpochOf)
            _epochOf.Add(name, epoch);
        foreach (int i in Enumerable.Range(0, _epochs.Count).Except(_unstored))
        {
            int count = i < written.EpochLengths.Length ? written.EpochLengths[i] : 0;
            if (IsConfirmed && _clients.FirstOrDefault(client => client.Epoch == i && client.Heard.Count > count) is SessionClient knowing)
                Fail($"client {knowing.Number} has heard '{knowing.Heard[^1]}', which is not stored");
            if (IsConfirmed || count > 0)
                _epochs[i].RemoveRange(count, _epochs[i].Count - count);
        }
    }

    /// <summary>What was true after a turn.</summary>
    private sealed record Written(
        int[] EpochLengths,
        Dictionary<string, int> EpochOf,
        (int Sent, string[] Unhandled)[] Clients,
        Dictionary<string, TimeSpan> Alarms,
        HashSet<string> Linked,
        (string Name, KrmxMeta? Meta)[] Users);
}

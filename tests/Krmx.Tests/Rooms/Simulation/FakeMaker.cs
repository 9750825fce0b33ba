using Krmx.Rooms;

namespace Krmx.Tests.Rooms.Simulation;

/// <summary>Rooms that are made and end when the simulation says so, within its call; it sees the rules about rooms themselves broken.</summary>
internal sealed class FakeMaker(DirectorySetup setup) : IRoomMaker<FakeRoom>
{
    private readonly List<FakeRoom> _rooms = [];

    /// <summary>What was done that never may be.</summary>
    public List<string> Violations { get; } = [];

    public IEnumerable<FakeRoom> Making => _rooms.Where(static room => room.Stage == FakeStage.Making);

    public IEnumerable<FakeRoom> Ending => _rooms.Where(static room => room.Stage == FakeStage.Ending);

    public Task<FakeRoom> MakeAsync(string name)
    {
        if (_rooms.Exists(room => room.Name == name))
            Violations.Add($"two rooms of the name {name}");
        if (_rooms.Count >= setup.Max)
            Violations.Add($"{_rooms.Count + 1} rooms");
        var room = new FakeRoom(name);
        _rooms.Add(room);
        if (setup.MakesAtOnce)
            Made(room);
        return room.Made.Task;
    }

    public bool IsAlive(FakeRoom room) => true;

    public bool IsWorthKeeping(FakeRoom room) => room.WasLinked;

    public Task EndAsync(FakeRoom room, CloseCode code)
    {
        if (room.Stage != FakeStage.Made)
        {
            Violations.Add($"the room {room.Name} is ended while it is {room.Stage}");
            return room.Ended.Task;
        }
        room.Stage = FakeStage.Ending;
        room.Code = code;
        if (setup.EndsAtOnce)
            Ended(room);
        return room.Ended.Task;
    }

    public static void Made(FakeRoom room)
    {
        room.Stage = FakeStage.Made;
        room.Made.SetResult(room);
    }

    public void Failed(FakeRoom room)
    {
        _rooms.Remove(room);
        room.Made.SetException(new NotSupportedException("no such room"));
    }

    public void Ended(FakeRoom room)
    {
        _rooms.Remove(room);
        room.Stage = FakeStage.Ended;
        room.Ended.SetResult();
    }
}

/// <summary>A room of the simulation.</summary>
internal sealed class FakeRoom(string name)
{
    public string Name => name;

    public FakeStage Stage { get; set; }

    public CloseCode Code { get; set; }

    public bool WasLinked { get; set; }

    public TaskCompletionSource<FakeRoom> Made { get; } = new();

    public TaskCompletionSource Ended { get; } = new();
}

internal enum FakeStage
{
    Making,
    Made,
    Ending,
    Ended,
}

using Krmx.Rooms;

namespace Krmx.Tests.Rooms.Simulation;

/// <summary>The real directory beside the model: each step is done to both, and then both must look alike.</summary>
internal sealed class DirectoryWorld
{
    private const int MaxVisitors = 4;

    private static readonly TimeSpan[] Times = [TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(11), DirectorySetup.OpenTimeout];

    private readonly ImpatientTime _time = new();
    private readonly FakeMaker _maker;
    private readonly RoomDirectory<FakeRoom> _real;
    private readonly NaiveDirectory _model;
    private readonly string[] _names;
    private readonly List<Visit> _visits = [];
    private readonly List<(NaiveClosing Model, Task<bool> Real)> _closings = [];
    private readonly List<Task> _shutdowns = [];
    private readonly List<string> _history = [];
    private readonly Func<string, bool> _isAllowed;

    /// <param name="setup">What is given.</param>
    /// <param name="isAllowed">Which kinds of steps may be done, by their first word.</param>
    public DirectoryWorld(DirectorySetup setup, Func<string, bool> isAllowed)
    {
        _maker = new FakeMaker(setup);
        _model = new NaiveDirectory(setup);
        _isAllowed = isAllowed;
        _names = [.. Enumerable.Range(0, setup.Names).Select(static i => ((char)('a' + i)).ToString())];
        var options = new KrmxRoomLifeOptions { Max = setup.Max, IdleTimeout = setup.IdleTimeout, OpenTimeout = DirectorySetup.OpenTimeout };
        _real = new RoomDirectory<FakeRoom>(_maker, options, _time, setup.KeepsEmpty);
    }

    /// <summary>Does one of the steps that are possible now.</summary>
    /// <param name="choose">Given how many there are, chooses one.</param>
    /// <returns>What is wrong then, with all that led to it; null where nothing is.</returns>
    public string? Step(Func<int, int> choose)
    {
        List<(string Name, Action Action)> steps = [.. Steps().Where(step => _isAllowed(step.Name.Split(' ')[0]))];
        (string name, Action action) = steps[choose(steps.Count)];
        Do(name, action);
        return Check();
    }

    /// <summary>Lets everything end that can.</summary>
    /// <returns>What is wrong then; null where nothing is.</returns>
    public string? Finish()
    {
        string? problem = null;
        Try("shut down", () => ShutDown(CloseCode.ServiceRestart));
        while (problem is null && Ends().FirstOrDefault() is (string name, Action action))
            Try(name, action);
        if (problem is null && (_real.Remembered != 0 || !_visits.TrueForAll(static visit => visit.Real.IsCompleted)))
            problem = Tell("something is left at the end");
        return problem;

        void Try(string name, Action action)
        {
            Do(name, action);
            problem ??= Check();
        }
    }

    private static string Outcome(Task<RoomVisit<FakeRoom>> visit)
    {
        if (!visit.IsCompleted)
            return "waits";
        return visit.IsFaulted ? visit.Exception.ToString() : visit.Result.Room is null ? visit.Result.Why.ToString() : "in";
    }

    private void Do(string name, Action action)
    {
        _history.Add(name);
        _time.Step();
        action();
    }

    private List<(string Name, Action Action)> Steps()
    {
        List<(string Name, Action Action)> steps = [.. Ends()];
        foreach (string name in _names)
        {
            if (_visits.Count(static visit => visit.Model.Outcome is "waits" or "in") < MaxVisitors)
            {
                steps.Add(($"enter {name}", () => Enter(name, isWanted: false)));
                steps.Add(($"want {name}", () => Enter(name, isWanted: true)));
            }
            steps.Add(($"close {name}", () => Close(name, CloseCode.Deleted)));
        }
        foreach (Visit visit in _visits)
        {
            if (visit.Model.Outcome == "waits")
                steps.Add(($"give up {visit.Model.Name}", () => GiveUp(visit)));
            if (visit.Model.Outcome == "in")
                steps.Add(($"leave {visit.Model.Name}", () => Leave(visit)));
            if (visit.Model is { Outcome: "in", Room.WasLinked: false })
                steps.Add(($"link {visit.Model.Name}", () => Link(visit)));
        }
        steps.AddRange(Times.Select(time => ($"advance {time.TotalSeconds}", (Action)(() => Advance(time)))));
        steps.Add(("tidy", CloseIdle));
        steps.Add(("shut down", () => ShutDown(CloseCode.ServiceRestart)));
        return steps;
    }

    /// <summary>What rooms do by themselves.</summary>
    private IEnumerable<(string Name, Action Action)> Ends() =>
    [
        .. _maker.Making.Select(room => ($"made {room.Name}", (Action)(() => Made(room)))),
        .. _maker.Making.Select(room => ($"failed {room.Name}", (Action)(() => Failed(room)))),
        .. _maker.Ending.Select(room => ($"ended {room.Name}", (Action)(() => Ended(room)))),
    ];

    private void Enter(string name, bool isWanted)
    {
        var cancellation = new CancellationTokenSource();
        Task<RoomVisit<FakeRoom>> real = _real.EnterAsync(name, isWanted, cancellation.Token);
        _model.Enter(name, isWanted);
        _visits.Add(new Visit(real, cancellation, _model.Visitors[^1]));
    }

    private static void GiveUp(Visit visit)
    {
        visit.Cancellation.Cancel();
        NaiveDirectory.GiveUp(visit.Model);
    }

    private void Leave(Visit visit)
    {
        _real.Leave(visit.Real.Result.Slot!);
        _model.Leave(visit.Model);
    }

    private static void Link(Visit visit)
    {
        visit.Real.Result.Room!.WasLinked = true;
        visit.Model.Room!.WasLinked = true;
    }

    private void Close(string name, CloseCode code)
    {
        Task<bool> real = _real.CloseAsync(name, code);
        _closings.Add((_model.Close(name, code), real));
    }

    private void ShutDown(CloseCode code)
    {
        _shutdowns.Add(_real.ShutDownAsync(code));
        _model.ShutDown(code);
    }

    private void Made(FakeRoom room)
    {
        FakeMaker.Made(room);
        _model.Made(room.Name);
    }

    private void Failed(FakeRoom room)
    {
        _maker.Failed(room);
        _model.Failed(room.Name);
    }

    private void Ended(FakeRoom room)
    {
        _maker.Ended(room);
        _model.Ended(room.Name);
    }

    private void Advance(TimeSpan time)
    {
        _time.Advance(time);
        _model.Advance(time);
    }

    private void CloseIdle()
    {
        _real.CloseIdle();
        _model.CloseIdle();
    }

    private string? Check()
    {
        string? problem = _maker.Violations.FirstOrDefault() ?? Difference("the rooms", Picture(), _model.Picture) ??
            Difference("what is remembered", $"{_real.Remembered}", $"{_model.Remembered}");
        foreach (Visit visit in _visits)
        {
            if (visit.Model.Outcome != "gone")
                problem ??= Difference($"a visitor of {visit.Model.Name}", Outcome(visit.Real), visit.Model.Outcome);
            if (visit.Model.Outcome == "in" && visit.Real is { IsCompletedSuccessfully: true, Result.Room: FakeRoom room })
                problem ??= Difference($"the room of a visitor of {visit.Model.Name}", room.Name, visit.Model.Name);
        }
        foreach ((NaiveClosing model, Task<bool> real) in _closings)
            problem ??= Difference("a closing", real.IsCompleted ? $"{real.Result}" : "", $"{model.Result}");
        foreach (Task shutdown in _shutdowns)
            problem ??= Difference("a shutdown", $"{shutdown.IsCompleted}", $"{_model.HasEnded}");

        // Those that are over cannot change any more.
        _visits.RemoveAll(static visit => visit.Model.Outcome is not ("waits" or "in"));
        _closings.RemoveAll(static closing => closing.Model.Result is not null);
        return problem is null ? null : Tell(problem);
    }

    private string Picture() => string.Join(' ', _maker.Making.Select(static room => $"{room.Name}:Making")
        .Concat(_real.Rooms.Select(static room => $"{room.Name}:Open"))
        .Concat(_maker.Ending.Select(static room => $"{room.Name}:Closing:{room.Code}"))
        .Order(StringComparer.Ordinal));

    private static string? Difference(string what, string real, string model) => real == model ? null : $"{what}: {real}, and should be: {model}";

    private string Tell(string problem) => $"{problem}\nafter: {string.Join(", ", _history)}";

    private sealed record Visit(Task<RoomVisit<FakeRoom>> Real, CancellationTokenSource Cancellation, NaiveVisitor Model);
}

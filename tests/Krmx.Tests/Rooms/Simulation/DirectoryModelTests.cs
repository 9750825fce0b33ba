using Krmx.Rooms;

namespace Krmx.Tests.Rooms.Simulation;

/// <summary>A little of <see cref="DirectorySimulationTests"/>, for while one writes.</summary>
public class DirectoryModelTests
{
    /// <summary>Each ends within the end of the one before.</summary>
    [Fact]
    public async Task ManyWhoWaitForAPlace_DoNotExhaustTheStackWhenNobodyNeedsThem()
    {
        const int Max = 5_000;
        var maker = new FakeMaker(new DirectorySetup(Max, Max, IsKeptIdle: true, KeepsEmpty: false, MakesAtOnce: true, EndsAtOnce: false));
        var directory = new RoomDirectory<FakeRoom>(maker, new KrmxRoomLifeOptions { Max = Max }, TimeProvider.System);
        for (int i = 0; i < Max; i++)
            directory.Leave((await directory.EnterAsync($"old {i}", isWanted: true)).Slot!);
        Task<RoomVisit<FakeRoom>>[] waiting = [.. Enumerable.Range(0, Max).Select(i => directory.EnterAsync($"new {i}"))];

        Task ended = directory.ShutDownAsync(CloseCode.ServiceRestart);
        foreach (FakeRoom room in maker.Ending.ToArray())
            maker.Ended(room);
        await ended.WaitAsync(Patience.Limit);

        Assert.All(await Task.WhenAll(waiting), static visit => Assert.Equal(NoRoom.ShuttingDown, visit.Why));
        Assert.Equal(0, directory.Remembered);
    }

    [Fact]
    public void SomeRandomPaths_LookLikeTheModel() => Assert.Null(DirectorySimulator.Random(firstSeed: 5_000_000, steps: 20_000).Problem);
}

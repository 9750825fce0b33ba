using Krmx.FunctionalTests.Faults.Processes;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A tenth of the clients stops reading while messages go on to everybody.</summary>
[Collection(nameof(WholeMachine))]
public class SlowReaderTests(ITestOutputHelper output)
{
    private const int Cap = 256 * 1024;

    [Fact]
    public Task TenthThatReadsNothing_CostsTheOthersNothingAndItselfItsLink() => TryAsync(SlowReaders.RunPacedAsync);

    /// <summary>Compares what two cores can do at most, so it wants them for itself.</summary>
    [Fact(Explicit = true)]
    public Task TenthThatReadsNothing_CostsTheOthersNothingOfAllThatTheServerCanDo() => TryAsync(SlowReaders.RunSaturatedAsync);

    private async Task TryAsync(Func<PeerProcess, Task<SlowReaders>> runAsync)
    {
        await using PeerProcess server = await PeerProcess.StartServerAsync(maxQueuedBytes: Cap);

        SlowReaders run = await runAsync(server);

        output.WriteLine($"{run}");
        Assert.True(run.Share >= 0.95, $"{run.Share:P1} of the throughput");
        Assert.Equal(SlowReaders.Clients - SlowReaders.Slow + 1, run.After.Linked);
        Assert.InRange(run.MostResident - run.Before.ResidentBytes, long.MinValue, (SlowReaders.Slow * Cap) + (64L * 1024 * 1024));
    }
}

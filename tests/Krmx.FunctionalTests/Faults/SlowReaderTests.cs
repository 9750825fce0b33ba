using Krmx.FunctionalTests.Faults.Processes;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A tenth of the clients stops reading while messages go on to everybody.</summary>
[Collection(nameof(WholeMachine))]
public class SlowReaderTests(ITestOutputHelper output)
{
    private const int Cap = 256 * 1024;

    [Fact]
    public async Task TenthThatReadsNothing_CostsTheOthersNothingAndItselfItsLink()
    {
        SlowReaders run = await RunAsync(SlowReaders.RunPacedAsync);
        Assert.InRange(run.Cost, 0, 1.5);
    }

    /// <summary>Compares what two cores can do at most, so it wants them for itself.</summary>
    [Fact(Explicit = true)]
    public async Task TenthThatReadsNothing_CostsTheOthersNothingOfAllThatTheServerCanDo()
    {
        SlowReaders run = await RunAsync(SlowReaders.RunSaturatedAsync);
        Assert.True(run.Share >= 0.95, $"{run.Share:P1} of the throughput");
    }

    private async Task<SlowReaders> RunAsync(Func<PeerProcess, Task<SlowReaders>> runAsync)
    {
        await using PeerProcess server = await PeerProcess.StartServerAsync(maxQueuedBytes: Cap);

        SlowReaders run = await runAsync(server);

        output.WriteLine($"{run}");
        Assert.Equal(SlowReaders.Clients - SlowReaders.Slow + 1, run.After.Linked);
        Assert.InRange(run.MostResident - run.Before.ResidentBytes, long.MinValue, (SlowReaders.Slow * Cap) + (64L * 1024 * 1024));
        return run;
    }
}

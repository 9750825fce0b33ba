using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A tenth of the clients stops reading while messages go on to everybody at a fixed rate.</summary>
[Collection(nameof(ScaleCollection))]
public class SlowReaderTests(ITestOutputHelper output)
{
    private const int Cap = 256 * 1024;

    [Fact]
    public async Task TenthThatReadsNothing_CostsTheOthersNothingAndItselfItsLink()
    {
        await using PeerProcess server = await PeerProcess.StartServerAsync(maxQueuedBytes: Cap);

        SlowReaders run = await SlowReaders.RunAsync(server);

        output.WriteLine($"{run}");
        Assert.True(run.Share >= 0.95, $"{run.Share:P1} of the throughput");
        Assert.Equal(SlowReaders.Clients - SlowReaders.Slow + 1, run.After.Linked);
        Assert.InRange(run.MostResident - run.Before.ResidentBytes, long.MinValue, (SlowReaders.Slow * Cap) + (64L * 1024 * 1024));
    }
}

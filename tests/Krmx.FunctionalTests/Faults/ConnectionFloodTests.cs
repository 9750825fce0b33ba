using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>More connections at once than anybody expects.</summary>
[Collection(nameof(WholeMachine))]
public class ConnectionFloodTests(ITestOutputHelper output)
{
    private const int Connections = ConnectionFlood.Connections, WarmUps = 4;

    [Fact]
    public async Task TenThousandAtOnce_AreServedAndLeaveNothingBehind()
    {
        OpenFiles.Demand(Connections + 500);
        await using PeerProcess server = await PeerProcess.StartServerAsync();

        // Pools keep what the highest tide took, and no two are equally high: several show how high they get.
        var before = new PeerStats[WarmUps];
        for (int i = 0; i < WarmUps; i++)
        {
            await ConnectionFlood.RunAsync(server);
            before[i] = await server.StatsAsync();
        }
        int mostFiles = before.Max(stats => stats.Files);
        long mostBytes = before.Max(stats => stats.ManagedBytes);
        (int served, PeerStats during) = await ConnectionFlood.RunAsync(server);
        PeerStats after = during;
        await Patience.Until(
            async () => (after = await server.StatsAsync()).Files <= mostFiles * 1.05 && after.ManagedBytes <= mostBytes * 1.05,
            "files and memory are back where earlier floods had left them");

        output.WriteLine($"{Connections} connections at once, {WarmUps + 1} times, {served} served: open files {mostFiles}, {during.Files}, {after.Files} before, " +
            $"during and after; managed MB {string.Join(", ", before.Select(stats => $"{stats.ManagedBytes / 1e6:F1}"))} after the earlier ones, " +
            $"{during.ManagedBytes / 1e6:F1} during, {after.ManagedBytes / 1e6:F1} after; resident MB {during.ResidentBytes / 1e6:F0}, {after.ResidentBytes / 1e6:F0}");
        Assert.InRange(served, Connections * 99 / 100, Connections);
    }
}

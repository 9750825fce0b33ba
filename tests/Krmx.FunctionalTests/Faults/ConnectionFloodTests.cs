using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>More connections at once than anybody expects.</summary>
[Collection(nameof(WholeMachine))]
public class ConnectionFloodTests(ITestOutputHelper output)
{
    private const int Connections = ConnectionFlood.Connections, WarmUps = 4, MostFloods = 12;

    /// <summary>What is left of a flood if of each connection one object stays, as small as one can be.</summary>
    private const long LeastLeak = 24 * Connections;

    [Fact]
    public async Task TenThousandAtOnce_AreServedAndLeaveNothingBehind()
    {
        OpenFiles.Demand(Connections + 500);
        await using PeerProcess server = await PeerProcess.StartServerAsync();

        // Pools keep what the highest tide took, and how high one gets depends on what else the machine does. But what is left behind by each
        // is left on top of that: then every flood leaves more than any before it.
        var before = new List<PeerStats>();
        bool isRecord = true;
        while (isRecord && before.Count < MostFloods)
        {
            (int served, PeerStats during) = await ConnectionFlood.RunAsync(server);
            PeerStats after = await server.StatsAsync();
            output.WriteLine($"{Connections} connections at once, {served} served: open files {during.Files} during and {after.Files} after; " +
                $"managed MB {during.ManagedBytes / 1e6:F1}, {after.ManagedBytes / 1e6:F1}; resident MB {during.ResidentBytes / 1e6:F0}, {after.ResidentBytes / 1e6:F0}");
            Assert.InRange(served, Connections * 99 / 100, Connections);
            isRecord = before.Count < WarmUps
                || after.Files > before.Max(stats => stats.Files)
                || after.ManagedBytes > before.Max(stats => stats.ManagedBytes) + LeastLeak;
            before.Add(after);
        }
        Assert.False(isRecord, $"each of {MostFloods} floods left more behind than those before");
    }
}

namespace Krmx.FunctionalTests.Faults;

/// <summary>All that networks do, mixed, over thousands of clients in a thousand rooms of one server.</summary>
[Collection(nameof(WholeMachine))]
public class CrowdTests(ITestOutputHelper output)
{
    [Fact]
    public async Task FaultsInRandomOrder_BreakNoRoom()
    {
        int seed = Environment.TickCount;
        await using Crowd crowd = await Crowd.StartAsync();
        output.WriteLine($"every fault of the network in random order (seed {seed}): {await crowd.SufferAsync(new Random(seed))}");
    }
}

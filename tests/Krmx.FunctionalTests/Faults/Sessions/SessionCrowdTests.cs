using System.Diagnostics;
using System.Globalization;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>Many clients with sessions under all that networks do: each message arrives once and in order, both ways, or a gap comes first.</summary>
[Collection(nameof(WholeMachine))]
public class SessionCrowdTests(ITestOutputHelper output)
{
    [Fact]
    public Task FaultsInRandomOrder_LoseAndDoubleNothing() => SufferAsync(rooms: 20, rounds: 1);

    /// <summary>Run by hand, as it takes the machine: <c>docs/reliability.md</c> has the figures.</summary>
    [Fact(Explicit = true)]
    public Task ManyRounds_LoseAndDoubleNothing() => SufferAsync(
        rooms: 100, int.Parse(Environment.GetEnvironmentVariable("KRMX_SESSION_ROUNDS") ?? "100", CultureInfo.InvariantCulture));

    private async Task SufferAsync(int rooms, int rounds)
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        long began = Stopwatch.GetTimestamp();
        await using SessionCrowd crowd = await SessionCrowd.StartAsync(rooms);
        for (int round = 1; round <= rounds; round++)
        {
            await crowd.SufferAsync(random);
            output.WriteLine(
                $"{Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s, round {round} of {rounds} (seed {seed}): {crowd.Figures}, 0 violations");
        }
        Assert.True(crowd.Recovered > crowd.Suffering * rounds, $"{crowd.Recovered} times recovered");
        Assert.Equal(0, crowd.Gaps);
    }
}

using Krmx.Simulation;

namespace Krmx.Tests.Simulation;

/// <summary>The core against an independent model, in histories that seeds choose and in all short ones.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class SimulationTests(ITestOutputHelper output)
{
    private const long Steps = 10_000_000;

    [Fact]
    public void TenMillionSteps_NoViolation()
    {
        Report report = Simulator.Safety(firstSeed: 1, Steps);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
        Assert.True(report.Steps >= Steps, $"only {report.Steps} steps were done");
        Assert.True(report.Replayed * 101 >= report.Runs - 100, $"only {report.Replayed} of {report.Runs} runs were replayed");
    }

    [Fact]
    public void EveryShortHistory_NoViolation()
    {
        Report report = Exhaustive.Explore(depth: 4);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
    }
}

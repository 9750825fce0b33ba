using Krmx.Simulation;

namespace Krmx.State.Tests.Simulation;

/// <summary>Shared state on a server and its clients against an independent model, in histories that seeds choose.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const long Steps = 600_000;

    [Fact]
    public void ManySteps_NoViolation()
    {
        Report report = StateSimulation.Run(firstSeed: 1, Steps);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
        Assert.True(report.Steps >= Steps, $"only {report.Steps} steps were done");
    }
}

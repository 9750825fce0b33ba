using Krmx.Simulation;
using Krmx.Simulation.EndToEnd;

namespace Krmx.Tests.Simulation;

/// <summary>A room that outlives its process, on a disk that is late, with crashes between any two steps: nobody is told of what is lost; and known defects put into it.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class DurableTests(ITestOutputHelper output) : EndToEndTests(
    output, typeof(DurableSimulator), static (seed, steps) => DurableSimulator.Many(seed, steps), DurableMutants.All, "durable-mutants.md")
{
    private readonly ITestOutputHelper _output = output;

    /// <summary>Whatever happens within a few turns, and wherever the process dies then.</summary>
    [Fact]
    public void EveryCrashPointOfShortHistories_NobodyIsToldOfWhatIsLost()
    {
        Report report = DurableExhaustive.Explore(depth: 4);

        _output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
    }
}

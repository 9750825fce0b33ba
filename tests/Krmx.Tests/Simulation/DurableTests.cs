using Krmx.Simulation;
using Krmx.Simulation.EndToEnd;
using Krmx.Simulation.Mutation;
using Krmx.Tests.Docs;

namespace Krmx.Tests.Simulation;

/// <summary>A room that outlives its process, on a disk that is late, with crashes between any two steps; and known defects put into it.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class DurableTests(ITestOutputHelper output)
{
    private const long Steps = 10_000_000;
    private const long Budget = 2_000_000;

    private readonly MutantCore _core = new(RepositoryFile.Path("src/Krmx.Core"), typeof(DurableSimulator), hasState: false);

    [Fact]
    public void TenMillionSteps_NobodyIsToldOfWhatIsLost()
    {
        Report report = DurableSimulator.Many(firstSeed: 1, Steps);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
        Assert.True(report.Steps >= Steps, $"only {report.Steps} steps were done");
    }

    /// <summary>Whatever happens within a few turns, and wherever the process dies then.</summary>
    [Fact]
    public void EveryCrashPointOfShortHistories_NobodyIsToldOfWhatIsLost()
    {
        Report report = DurableExhaustive.Explore(depth: 4);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
    }

    [Fact]
    public void EveryMutant_IsKilled()
    {
        PowerTable table = PowerTable.Of(_core, DurableMutants.All, Budget);

        output.WriteLine($"{DurableMutants.All.Count} mutants, {table.Survivors.Count} survived.\n{table.Markdown}");
        File.WriteAllText(TestResults.File("durable-mutants.md"), table.Markdown);
        Assert.Empty(table.Survivors);
    }

    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal([-1], _core.StepsToFailure(mutant: null, [1], Budget));
}

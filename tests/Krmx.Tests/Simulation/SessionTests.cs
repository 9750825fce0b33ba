using Krmx.Simulation;
using Krmx.Simulation.EndToEnd;
using Krmx.Simulation.Mutation;
using Krmx.Tests.Docs;

namespace Krmx.Tests.Simulation;

/// <summary>Real clients and the real room, with connections that are lost at any point, and known defects put back into both.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class SessionTests(ITestOutputHelper output)
{
    private const long Steps = 10_000_000;
    private const long Budget = 2_000_000;

    private readonly MutantCore _core = new(RepositoryFile.Path("src/Krmx.Core"), typeof(SessionSimulator), hasState: false);

    [Fact]
    public void TenMillionSteps_NothingIsLostOrDoubled()
    {
        Report report = SessionSimulator.Many(firstSeed: 1, Steps);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
        Assert.True(report.Steps >= Steps, $"only {report.Steps} steps were done");
    }

    [Fact]
    public void EveryMutant_IsKilled()
    {
        PowerTable table = PowerTable.Of(_core, SessionMutants.All, Budget);

        output.WriteLine($"{SessionMutants.All.Count} mutants, {table.Survivors.Count} survived.\n{table.Markdown}");
        File.WriteAllText(TestResults.File("session-mutants.md"), table.Markdown);
        Assert.Empty(table.Survivors);
    }

    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal([-1], _core.StepsToFailure(mutant: null, [1], Budget));
}

using Krmx.Simulation;
using Krmx.Simulation.Mutation;
using Krmx.Tests.Docs;

namespace Krmx.Tests.Simulation;

/// <summary>What every simulation of real clients and the real room has to show: nothing wrong in many steps, and known defects in few.</summary>
/// <param name="output">Where figures go.</param>
/// <param name="simulator">The simulator, as mutants are built for it.</param>
/// <param name="run">Runs it, from a seed and for so many steps.</param>
/// <param name="mutants">The defects.</param>
/// <param name="table">The file among the results that says how many steps each took.</param>
public abstract class EndToEndTests(
    ITestOutputHelper output, Type simulator, Func<ulong, long, Report> run, IReadOnlyList<Mutant> mutants, string table)
{
    private const long Steps = 10_000_000;
    private const long Budget = 2_000_000;

    private readonly MutantCore _core = new(RepositoryFile.Path("src/Krmx.Core"), simulator, hasState: false);

    [Fact]
    public void TenMillionSteps_NoViolation()
    {
        Report report = run(1, Steps);

        output.WriteLine(report.ToString());
        Assert.Null(report.Failure);
        Assert.True(report.Steps >= Steps, $"only {report.Steps} steps were done");
    }

    [Fact]
    public void EveryMutant_IsKilled()
    {
        PowerTable power = PowerTable.Of(_core, mutants, Budget);

        output.WriteLine($"{mutants.Count} mutants, {power.Survivors.Count} survived.\n{power.Markdown}");
        File.WriteAllText(TestResults.File(table), power.Markdown);
        Assert.Empty(power.Survivors);
    }

    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal([-1], _core.StepsToFailure(mutant: null, [1], Budget));
}

using Krmx.Simulation.Mutation;

namespace Krmx.State.Tests.Simulation;

/// <summary>Known defects put into shared state: the simulation must find every one.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public sealed class PowerTests(ITestOutputHelper output)
{
    private const long Budget = 300_000;

    private readonly MutantCore _core = new(RepositoryFile.Path("src/Krmx.Core"), typeof(StateSimulation), hasState: true);

    [Fact]
    public void EveryMutant_IsKilled()
    {
        PowerTable table = PowerTable.Of(_core, Mutants.All, Budget);

        output.WriteLine($"{Mutants.All.Count} mutants, {table.Survivors.Count} survived.\n{table.Markdown}");
        Assert.True(Mutants.All.Count >= 30);
        Assert.Empty(table.Survivors);
    }

    /// <summary>Without a defect nothing is found: what kills the mutants is their defects, not how they are built.</summary>
    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal([-1], _core.StepsToFailure(mutant: null, [1], 60_000));
}

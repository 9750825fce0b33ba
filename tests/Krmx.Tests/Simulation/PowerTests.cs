using Krmx.Simulation;
using Krmx.Simulation.Mutation;
using Krmx.Tests.Docs;

namespace Krmx.Tests.Simulation;

/// <summary>Known defects put back into the core: the simulator must find every one, or that it finds none elsewhere means little.</summary>
[FullRunOnly, Collection(nameof(WholeMachine))]
public class PowerTests(ITestOutputHelper output)
{
    private const long Budget = 3_000_000;

    private readonly MutantCore _core = new(RepositoryFile.Path("src/Krmx.Core"), typeof(Simulator), hasState: false);

    [Fact]
    public void EveryMutant_IsKilled()
    {
        PowerTable table = PowerTable.Of(_core, Mutants.All, Budget);

        output.WriteLine($"{Mutants.All.Count} mutants, {table.Survivors.Count} survived.\n{table.Markdown}");
        File.WriteAllText(TestResults.File("mutants.md"), table.Markdown);
        Assert.True(Mutants.All.Count >= 20);
        Assert.Empty(table.Survivors);
    }

    /// <summary>Without a defect nothing is found: what kills the mutants is their defects, not how they are built.</summary>
    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal([-1], _core.StepsToFailure(mutant: null, [1], Budget));

    /// <summary>The few users of a simulation fill one page of the roster; here they fill several.</summary>
    [Fact]
    public void CoreWithSmallPages_Survives()
    {
        var smallPages = new Mutant("pages of two users", "4", "Room/RosterPage.cs", "Size = 64", "Size = 2");
        Assert.Equal([-1], _core.StepsToFailure(smallPages, [1], Budget));
    }

    /// <summary>The journal of a simulation is short; here it is tidied up as often as a long one.</summary>
    [Theory]
    [InlineData("Journal.cs", "EntriesBetweenTrims = 256", "EntriesBetweenTrims = 0")]
    [InlineData("JournalReader.cs", "DifferencesKept = 64", "DifferencesKept = 1")]
    public void CoreThatTidiesUpOften_Survives(string file, string original, string instead)
    {
        var tidy = new Mutant("tidies up often", "10", $"Room/Sessions/{file}", original, instead);
        Assert.Equal([-1], _core.StepsToFailure(tidy, [1], Budget));
    }
}

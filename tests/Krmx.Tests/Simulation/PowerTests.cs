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
    /// <remarks>
    /// Some are cores without a defect that come to do what a simulation is too small for: its few users fill several pages of the roster, and its short
    /// journal is tidied up as often as a long one.
    /// </remarks>
    [Fact]
    public void CoreWithoutDefect_Survives()
    {
        Mutant?[] sound =
        [
            null,
            new("pages of two users", "4", "Room/RosterPage.cs", "Size = 64", "Size = 2"),
            new("journals that are trimmed often", "10", "Room/Sessions/Journal.cs", "EntriesBetweenTrims = 256", "EntriesBetweenTrims = 0"),
            new("readers that keep few differences", "10", "Room/Sessions/JournalReader.cs", "DifferencesKept = 64", "DifferencesKept = 1"),
        ];
        long[] steps = new long[sound.Length];
        Parallel.For(0, sound.Length, i => steps[i] = _core.StepsToFailure(sound[i], [1], sound[i] is null ? Budget : Budget / 3)[0]);
        Assert.Empty(sound.Where((_, i) => steps[i] != -1).Select(static core => core?.Name ?? "as it is"));
    }
}

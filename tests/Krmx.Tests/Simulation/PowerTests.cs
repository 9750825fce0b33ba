using System.Text;
using Krmx.Tests.Docs;

namespace Krmx.Tests.Simulation;

/// <summary>Known defects put back into the core: the simulator must find every one, or that it finds none elsewhere means little.</summary>
[Collection("Simulation")] // each takes every core
public class PowerTests(ITestOutputHelper output)
{
    private const long Budget = 200_000;
    private static readonly ulong[] Seeds = [1, 1_000_001, 2_000_001];

    [Fact]
    public void EveryMutant_IsKilled()
    {
        long[][] steps = new long[Mutant.All.Count][];
        Parallel.For(0, steps.Length, i =>
            steps[i] = [.. Seeds.Select(seed => MutantCore.StepsToFailure(Mutant.All[i], seed, Budget)).Order()]);

        var table = new StringBuilder("| defect | section | steps to find it, median of 3 |\n| --- | --- | --- |\n");
        foreach ((Mutant mutant, long[] taken) in Mutant.All.Zip(steps))
            table.Append(null, $"| {mutant.Name} | {mutant.Section} | {taken[1]:N0} |\n");
        string[] survivors = [.. Mutant.All.Zip(steps).Where(pair => pair.Second[0] < 0).Select(pair => pair.First.Name)];
        output.WriteLine($"{Mutant.All.Count} mutants, {survivors.Length} survived.\n{table}");
        File.WriteAllText(TestResults.File("mutants.md"), table.ToString());

        Assert.True(Mutant.All.Count >= 20);
        Assert.Empty(survivors);
    }

    /// <summary>Without a defect nothing is found: what kills the mutants is their defects, not how they are built.</summary>
    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal(-1, MutantCore.StepsToFailure(mutant: null, seed: 1, Budget));
}

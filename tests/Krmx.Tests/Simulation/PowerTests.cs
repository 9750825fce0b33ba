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
        var table = new StringBuilder("| defect | section | steps to find it, median of 3 |\n| --- | --- | --- |\n");
        var survivors = new List<string>();
        Parallel.ForEach(Mutant.All, mutant =>
        {
            long[] steps = [.. Seeds.Select(seed => MutantCore.StepsToFailure(mutant, seed, Budget)).Order()];
            lock (table)
            {
                table.Append(null, $"| {mutant.Name} | {mutant.Section} | {steps[1]:N0} |\n");
                if (steps[0] < 0)
                    survivors.Add(mutant.Name);
            }
        });
        output.WriteLine($"{Mutant.All.Count} mutants, {survivors.Count} survived.\n{table}");
        File.WriteAllText(TestResults.File("mutants.md"), table.ToString());

        Assert.True(Mutant.All.Count >= 20);
        Assert.Empty(survivors);
    }

    /// <summary>Without a defect nothing is found: what kills the mutants is their defects, not how they are built.</summary>
    [Fact]
    public void CoreWithoutDefect_Survives() => Assert.Equal(-1, MutantCore.StepsToFailure(mutant: null, seed: 1, Budget));
}

using System.Text;

namespace Krmx.Simulation.Mutation;

/// <summary>How many steps a simulator takes to find each of some defects.</summary>
/// <param name="Markdown">The table of all, as it is in the docs.</param>
/// <param name="Survivors">The names of those that were not found.</param>
public sealed record PowerTable(string Markdown, IReadOnlyList<string> Survivors)
{
    /// <summary>Set to 1, every mutant is tried from several seeds, for the table of the docs; else from one.</summary>
    public const string MediansVariable = "KRMX_MUTANT_MEDIANS";

    /// <summary>Set to a text, only the mutants are tried whose names contain it, for while you write.</summary>
    public const string FilterVariable = "KRMX_MUTANTS";

    private static readonly ulong[] Seeds = [1, 1_000_001, 2_000_001];

    /// <summary>Runs the simulator against every mutant.</summary>
    /// <param name="core">What builds and runs them.</param>
    /// <param name="mutants">The defects.</param>
    /// <param name="budget">After how many steps to give up.</param>
    public static PowerTable Of(MutantCore core, IReadOnlyList<Mutant> mutants, long budget)
    {
        if (Environment.GetEnvironmentVariable(FilterVariable) is { Length: > 0 } filter)
            mutants = [.. mutants.Where(mutant => mutant.Name.Contains(filter, StringComparison.Ordinal))];
        bool hasMedians = Environment.GetEnvironmentVariable(MediansVariable) == "1";
        long[][] steps = new long[mutants.Count][];
        Parallel.For(0, steps.Length, i => steps[i] = [.. core.StepsToFailure(mutants[i], hasMedians ? Seeds : Seeds[..1], budget).Order()]);

        var table = new StringBuilder($"| defect | section | steps to find it{(hasMedians ? ", median of 3" : "")} |\n| --- | --- | --- |\n");
        foreach ((Mutant mutant, long[] taken) in mutants.Zip(steps))
            table.Append(null, $"| {mutant.Name} | {mutant.Section} | {taken[taken.Length / 2]:N0} |\n");
        return new PowerTable(table.ToString(), [.. mutants.Zip(steps).Where(pair => pair.Second[0] < 0).Select(pair => pair.First.Name)]);
    }
}

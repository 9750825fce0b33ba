using System.Text;

namespace Krmx.Simulation;

/// <summary>Makes a failing history short: drops steps, ever smaller runs of them, and reactions, as long as something still fails.</summary>
public static class Minimizer
{
    /// <summary>Tells a seed's failure with the shortest history found for it.</summary>
    public static string Explain(ulong seed, string violation)
    {
        (Setup setup, List<Step> steps) = Run.Expand(seed);
        steps = Shorten(setup, steps);
        var text = new StringBuilder($"seed {seed}: {violation}\n{setup}\n");
        foreach (Step step in steps)
            text.Append("  ").Append(step).Append('\n');
        return text.Append("ends in: ").Append(Run.FromSteps(setup, steps).Violation).ToString();
    }

    private static List<Step> Shorten(Setup setup, List<Step> steps)
    {
        for (int length = Math.Max(1, steps.Count / 2); length >= 1; length /= 2)
        {
            for (int start = 0; start < steps.Count;)
            {
                List<Step> fewer = [.. steps[..start], .. steps[Math.Min(start + length, steps.Count)..]];
                if (Fails(setup, fewer))
                    steps = fewer;
                else
                    start += length;
            }
        }
        for (int i = 0; i < steps.Count; i++)
        {
            List<Step> calmer = [.. steps];
            calmer[i] = steps[i] with { Reaction = Reaction.None, ReactionName = 0, ReactionAt = 0 };
            if (Fails(setup, calmer))
                steps = calmer;
        }
        return steps;
    }

    private static bool Fails(Setup setup, List<Step> steps) => Run.FromSteps(setup, steps).Violation is not null;
}

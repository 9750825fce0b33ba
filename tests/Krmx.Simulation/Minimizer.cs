using System.Text;

namespace Krmx.Simulation;

/// <summary>Makes a failing history short: drops steps, ever smaller runs of them, and reactions, as long as something still fails.</summary>
public static class Minimizer
{
    /// <summary>Tells a seed's failure with the shortest history found for it.</summary>
    public static string Explain(ulong seed, string violation)
    {
        (Setup setup, List<Step> steps) = Run.Expand(seed);
        steps = Shorten(steps, Calm, fewer => Run.FromSteps(setup, fewer).Violation is not null);
        var text = new StringBuilder($"seed {seed}: {violation}\n{setup}\n");
        foreach (Step step in steps)
            text.Append("  ").Append(step).Append('\n');
        return text.Append("ends in: ").Append(Run.FromSteps(setup, steps).Violation).ToString();
    }

    private static Step Calm(Step step) => step with { Reaction = Reaction.None, ReactionName = 0, ReactionAt = 0 };

    /// <summary>Makes any failing history short.</summary>
    /// <param name="steps">The history.</param>
    /// <param name="calm">Takes from a step what goes beyond it.</param>
    /// <param name="fails">Whether a history fails still.</param>
    public static List<T> Shorten<T>(List<T> steps, Func<T, T> calm, Func<List<T>, bool> fails)
    {
        for (int length = Math.Max(1, steps.Count / 2); length >= 1; length /= 2)
        {
            for (int start = 0; start < steps.Count;)
            {
                List<T> fewer = [.. steps[..start], .. steps[Math.Min(start + length, steps.Count)..]];
                if (fails(fewer))
                    steps = fewer;
                else
                    start += length;
            }
        }
        for (int i = 0; i < steps.Count; i++)
        {
            List<T> calmer = [.. steps];
            calmer[i] = calm(steps[i]);
            if (fails(calmer))
                steps = calmer;
        }
        return steps;
    }
}

using Krmx.Simulation;

namespace Krmx.State.Tests.Simulation;

/// <summary>Runs of the simulation of shared state: from a seed, or from a list of steps.</summary>
public static class StateSimulation
{
    private const int StepsPerRun = 300;

    public static Report Run(ulong firstSeed, long steps) => Simulator.Many(firstSeed, steps, FromSeed, Explain);

    /// <summary>Runs one seed after the other until one fails.</summary>
    /// <returns>How many steps that took; -1 when <paramref name="steps"/> did not suffice.</returns>
    public static long StepsToFailure(ulong firstSeed, long steps) => Simulator.StepsToFailure(firstSeed, steps, FromSeed);

    private static Outcome FromSeed(ulong seed)
    {
        (Setup setup, List<Step> steps) = Expand(seed);
        return FromSteps(setup, steps);
    }

    private static string Explain(ulong seed, string violation)
    {
        (Setup setup, List<Step> steps) = Expand(seed);
        steps = Minimizer.Shorten(
            steps, static step => step with { Moment = Moment.Never }, fewer => FromSteps(setup, fewer).Violation is not null);
        return $"seed {seed}: {violation}\n{setup}\n  {string.Join("\n  ", steps)}\nends in: {FromSteps(setup, steps).Violation}";
    }

    private static Outcome FromSteps(Setup setup, List<Step> steps)
    {
        var world = new SimWorld(setup);
        for (int i = 0; i < steps.Count; i++)
        {
            if (world.Do(steps[i]) is string violation)
                return new Outcome(i + 1, world.Hash, violation);
        }
        return new Outcome(steps.Count, world.Hash, world.Heal());
    }

    private static (Setup Setup, List<Step> Steps) Expand(ulong seed)
    {
        var rng = new Rng(seed);
        Setup setup = Setup.Choose(rng);
        return (setup, [.. Enumerable.Range(0, StepsPerRun).Select(_ => Generator.Next(rng))]);
    }
}

namespace Krmx.Simulation;

/// <summary>What came of a run.</summary>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Hash">A number that differs when what was seen differs.</param>
/// <param name="Violation">What went wrong; null when nothing did.</param>
public readonly record struct Outcome(int Steps, ulong Hash, string? Violation);

/// <summary>One run: a seed, or a list of steps, from an empty server to a closed one.</summary>
public static class Run
{
    public const int StepsPerRun = 300;

    public static Outcome FromSeed(ulong seed)
    {
        var rng = new Rng(seed);
        var world = new World(Setup.Choose(rng));
        for (int step = 1; step <= StepsPerRun; step++)
        {
            if (world.Do(Generator.Next(rng)) is string violation)
                return new Outcome(step, world.Hash, violation);
        }
        return new Outcome(StepsPerRun, world.Hash, world.Heal());
    }

    /// <param name="setup">What the server is like.</param>
    /// <param name="steps">What happens.</param>
    /// <param name="heals">Whether faults stop then, everybody comes anew, and the server closes.</param>
    public static Outcome FromSteps(Setup setup, IReadOnlyList<Step> steps, bool heals = true)
    {
        var world = new World(setup);
        for (int i = 0; i < steps.Count; i++)
        {
            if (world.Do(steps[i]) is string violation)
                return new Outcome(i + 1, world.Hash, violation);
        }
        return new Outcome(steps.Count, world.Hash, heals ? world.Heal() : null);
    }

    /// <summary>The setup and the steps that a seed stands for.</summary>
    public static (Setup Setup, List<Step> Steps) Expand(ulong seed)
    {
        var rng = new Rng(seed);
        Setup setup = Setup.Choose(rng);
        return (setup, [.. Enumerable.Range(0, StepsPerRun).Select(_ => Generator.Next(rng))]);
    }
}

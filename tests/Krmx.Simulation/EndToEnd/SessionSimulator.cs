namespace Krmx.Simulation.EndToEnd;

/// <summary>Runs of <see cref="SessionWorld"/> from seeds.</summary>
public static class SessionSimulator
{
    private const int StepsPerRun = 400;
    private const int Kinds = 24;

    public static Outcome FromSeed(ulong seed) => Run(seed, SessionSetup.Choose, Kinds);

    /// <summary>One run.</summary>
    /// <param name="seed">What chooses everything.</param>
    /// <param name="choose">Chooses the setup.</param>
    /// <param name="kinds">How many kinds of steps there are.</param>
    internal static Outcome Run(ulong seed, Func<Rng, SessionSetup> choose, int kinds)
    {
        var rng = new Rng(seed);
        var world = new SessionWorld(choose(rng));
        for (int step = 1; step <= StepsPerRun; step++)
        {
            if (world.Do(rng.Below(kinds), rng.Below(64), rng.Below(1 << 16)) is string violation)
                return new Outcome(step, world.Hash, violation);
        }
        return new Outcome(StepsPerRun, world.Hash, world.Heal());
    }

    public static Report Many(ulong firstSeed, long steps, Action<long>? progress = null) => Simulator.Many(
        firstSeed, steps, FromSeed, static (seed, violation) => $"seed {seed}, {SessionSetup.Choose(new Rng(seed))}: {violation}", progress);

    /// <inheritdoc cref="Simulator.StepsToFailure(ulong, long)"/>
    public static long StepsToFailure(ulong firstSeed, long steps) => Simulator.StepsToFailure(firstSeed, steps, FromSeed);
}

namespace Krmx.Simulation.EndToEnd;

/// <summary>Runs of <see cref="SessionWorld"/> with a durable room, from seeds.</summary>
public static class DurableSimulator
{
    private const int StepsPerRun = 400;

    public static Outcome FromSeed(ulong seed)
    {
        var rng = new Rng(seed);
        var world = new SessionWorld(SessionSetup.ChooseDurable(rng));
        for (int step = 1; step <= StepsPerRun; step++)
        {
            if (world.Do(rng.Below(SessionWorld.DurableKinds), rng.Below(64), rng.Below(1 << 16)) is string violation)
                return new Outcome(step, world.Hash, violation);
        }
        return new Outcome(StepsPerRun, world.Hash, world.Heal());
    }

    public static Report Many(ulong firstSeed, long steps, Action<long>? progress = null) => Simulator.Many(
        firstSeed, steps, FromSeed, static (seed, violation) => $"seed {seed}, {SessionSetup.ChooseDurable(new Rng(seed))}: {violation}", progress);

    /// <inheritdoc cref="Simulator.StepsToFailure(ulong, long)"/>
    public static long StepsToFailure(ulong firstSeed, long steps) => Simulator.StepsToFailure(firstSeed, steps, FromSeed);
}

namespace Krmx.Simulation.EndToEnd;

/// <summary>Runs of <see cref="SessionWorld"/> with a durable room, from seeds.</summary>
public static class DurableSimulator
{
    public static Outcome FromSeed(ulong seed) => SessionSimulator.Run(seed, SessionSetup.ChooseDurable, SessionWorld.DurableKinds);

    public static Report Many(ulong firstSeed, long steps, Action<long>? progress = null) => Simulator.Many(
        firstSeed, steps, FromSeed, static (seed, violation) => $"seed {seed}, {SessionSetup.ChooseDurable(new Rng(seed))}: {violation}", progress);

    /// <inheritdoc cref="Simulator.StepsToFailure(ulong, long)"/>
    public static long StepsToFailure(ulong firstSeed, long steps) => Simulator.StepsToFailure(firstSeed, steps, FromSeed);
}

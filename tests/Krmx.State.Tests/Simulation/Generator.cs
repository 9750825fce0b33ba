using Krmx.Simulation;

namespace Krmx.State.Tests.Simulation;

/// <summary>Chooses what happens, by weight.</summary>
internal static class Generator
{
    private static readonly (StepKind Kind, int Weight)[] Weights =
    [
        (StepKind.ToServer, 60), (StepKind.ToClient, 90), (StepKind.DeliverAll, 14), (StepKind.Connect, 14), (StepKind.Drop, 8),
        (StepKind.DropForGood, 2), (StepKind.Link, 26), (StepKind.Unlink, 3), (StepKind.Leave, 2), (StepKind.Act, 24), (StepKind.Write, 10),
        (StepKind.Set, 10), (StepKind.Raw, 6), (StepKind.Meaningless, 2),
        (StepKind.ServerAct, 6), (StepKind.ServerUpdate, 2), (StepKind.ServerWrite, 4),
        (StepKind.ServerSet, 5), (StepKind.ServerUnlink, 2), (StepKind.ServerKick, 2), (StepKind.ServerJoin, 1), (StepKind.Wait, 3),
    ];

    private static readonly StepKind[] Table = [.. Weights.SelectMany(static weight => Enumerable.Repeat(weight.Kind, weight.Weight))];
    private static readonly int Moments = Enum.GetValues<Moment>().Length;

    private static readonly StepKind[] ServerReactions =
    [
        StepKind.ServerAct, StepKind.ServerUpdate, StepKind.ServerWrite, StepKind.ServerSet, StepKind.ServerUnlink, StepKind.ServerKick,
        StepKind.ServerJoin,
    ];

    private static readonly StepKind[] ClientReactions =
        [StepKind.Act, StepKind.Write, StepKind.Set, StepKind.Unlink, StepKind.Leave, StepKind.Drop, StepKind.DropForGood];

    public static Step Next(Rng rng)
    {
        var step = new Step(Table[rng.Below(Table.Length)], rng.Below(8), rng.Below(1 << 20));
        if (!rng.OneIn(3))
            return step;
        var moment = (Moment)rng.Below(Moments);
        StepKind[] reactions = moment >= Moment.ClientStatus ? ClientReactions : ServerReactions;
        return step with { Moment = moment, Reaction = reactions[rng.Below(reactions.Length)], ReactionChoice = rng.Below(1 << 20) };
    }
}

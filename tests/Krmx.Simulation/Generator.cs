namespace Krmx.Simulation;

/// <summary>Chooses what happens, by weight: mostly what clients do, now and then what nobody should.</summary>
public static class Generator
{
    private static readonly (StepKind Kind, int Weight)[] Weights =
    [
        (StepKind.Open, 10), (StepKind.Link, 22), (StepKind.Rival, 5), (StepKind.Message, 14), (StepKind.Unlink, 5), (StepKind.Leave, 3), (StepKind.Hostile, 5),
        (StepKind.Lose, 5), (StepKind.AuthAccept, 12), (StepKind.AuthReject, 3), (StepKind.Answer, 3), (StepKind.PassTime, 8), (StepKind.AppJoin, 2),
        (StepKind.AppUnlink, 2), (StepKind.AppKick, 4), (StepKind.AppSend, 3), (StepKind.AppBroadcast, 3), (StepKind.AppBroadcastExcept, 2),
        (StepKind.AppReserved, 1), (StepKind.ToggleNewUsers, 2), (StepKind.AppSetMeta, 4), (StepKind.AppSetAlarm, 6), (StepKind.AppCancelAlarm, 2),
        (StepKind.LinkWithSession, 8), (StepKind.Resume, 12), (StepKind.Ack, 5), (StepKind.Burst, 2), (StepKind.LoseWithSession, 7), (StepKind.PassMoment, 4),
    ];

    private static readonly StepKind[] Table = [.. Weights.SelectMany(w => Enumerable.Repeat(w.Kind, w.Weight))];
    private static readonly int Reactions = Enum.GetValues<Reaction>().Length;

    public static Step Next(Rng rng)
    {
        StepKind kind = rng.OneIn(2000) ? StepKind.CloseServer : Table[rng.Below(Table.Length)];
        Reaction reaction = rng.OneIn(5) ? (Reaction)rng.Below(Reactions) : Reaction.None;
        return new Step(kind, rng.Below(12), rng.Below(8), rng.Below(128 * 1024), reaction, rng.Below(8), rng.Below(4));
    }
}

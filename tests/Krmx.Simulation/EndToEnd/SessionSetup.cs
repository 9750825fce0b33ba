namespace Krmx.Simulation.EndToEnd;

/// <summary>What a run with real clients is like.</summary>
/// <param name="Users">How many users they want to be.</param>
/// <param name="ClientsOfUser">How many clients want to be the same user.</param>
/// <param name="Conflict">The conflict policy.</param>
/// <param name="Grace">For how long sessions wait.</param>
/// <param name="MaxEntries">How many frames the room keeps.</param>
/// <param name="MaxBytes">How many bytes of frames it keeps.</param>
/// <param name="PresenceInterval">For how long changes may be gathered.</param>
/// <param name="Durability">Whether the room outlives its process.</param>
public sealed record SessionSetup(
    int Users, int ClientsOfUser, LinkConflict Conflict, TimeSpan Grace, int MaxEntries, int MaxBytes, TimeSpan PresenceInterval, Durability Durability = Durability.None)
{
    /// <summary>For how long users stay who are not linked; zero for ever.</summary>
    public TimeSpan Timeout { get; init; }

    public static SessionSetup Choose(Rng rng) => new(
        1 + rng.Below(4),
        1 + (rng.OneIn(3) ? rng.Below(2) : 0),
        (LinkConflict)rng.Below(3),
        TimeSpan.FromSeconds(rng.OneIn(3) ? 5 : 120),
        rng.OneIn(4) ? 1 + rng.Below(6) : 4096,
        rng.OneIn(6) ? 200 : 1024 * 1024,
        TimeSpan.FromSeconds(rng.OneIn(3) ? 3 : 0));

    /// <summary>A setup in which rooms are durable.</summary>
    public static SessionSetup ChooseDurable(Rng rng) => Choose(rng) with
    {
        Durability = rng.OneIn(4) ? Durability.Relaxed : Durability.Confirmed,
        Timeout = TimeSpan.FromSeconds(rng.OneIn(3) ? 8 : 0),
    };
}

/// <summary>What is on the disk when somebody is told of it.</summary>
public enum Durability
{
    None,
    Relaxed,
    Confirmed,
}

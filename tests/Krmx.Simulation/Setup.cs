namespace Krmx.Simulation;

/// <summary>What a run's server is like.</summary>
/// <param name="Names">How many usernames take part.</param>
/// <param name="Connections">How many connections may be open at once.</param>
/// <param name="Conflict">The conflict policy.</param>
/// <param name="AuthenticateFirst">Whether only the authenticated are told how things are.</param>
/// <param name="MaxPendingFrames">How many frames may wait behind a link attempt.</param>
/// <param name="MaxPendingBytes">How many bytes may.</param>
/// <param name="MaxUsers">How many users there may be.</param>
/// <param name="UserTimeout">After what time without a link a user leaves; zero for never.</param>
/// <param name="PresenceInterval">For how long changes may be gathered.</param>
public sealed record Setup(
    int Names,
    int Connections,
    LinkConflict Conflict,
    bool AuthenticateFirst,
    int MaxPendingFrames,
    int MaxPendingBytes,
    int MaxUsers = 10_000,
    TimeSpan UserTimeout = default,
    TimeSpan PresenceInterval = default)
{
    /// <summary>For how long a session goes on without a connection.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How many messages are kept for sessions.</summary>
    public int MaxJournalEntries { get; init; } = 4096;

    /// <summary>How many bytes of these are.</summary>
    public int MaxJournalBytes { get; init; } = 1024 * 1024;

    /// <summary>Whether users are told how many there are, and not who.</summary>
    public bool IsCounted { get; init; }

    private static readonly int[] FrameCaps = [0, 1, 2, 32];
    private static readonly int[] ByteCaps = [0, 30, 200, 64 * 1024];
    private static readonly int[] EntryCaps = [0, 1, 2, 3, 5, 8];
    private static readonly int[] JournalCaps = [0, 30, 60, 150, 400, 1000];
    private static readonly int[] Graces = [5, 20, 120];

    public static Setup Choose(Rng rng) => new(
        2 + rng.Below(7),
        1 + rng.Below(12),
        (LinkConflict)rng.Below(3),
        rng.OneIn(2),
        FrameCaps[3 - Math.Min(3, rng.Below(6))],
        ByteCaps[3 - Math.Min(3, rng.Below(6))],
        rng.OneIn(3) ? 10_000 : 1 + rng.Below(4),
        rng.OneIn(3) ? TimeSpan.FromSeconds(3 + (10 * rng.Below(3))) : TimeSpan.Zero,
        rng.OneIn(3) ? TimeSpan.FromSeconds(2 + (4 * rng.Below(2))) : TimeSpan.Zero)
    {
        IsCounted = rng.OneIn(5),
        Grace = TimeSpan.FromSeconds(Graces[rng.Below(Graces.Length)]),
        MaxJournalEntries = rng.OneIn(3) ? EntryCaps[rng.Below(EntryCaps.Length)] : 4096,
        MaxJournalBytes = rng.OneIn(3) ? JournalCaps[rng.Below(JournalCaps.Length)] : 1024 * 1024,
    };
}

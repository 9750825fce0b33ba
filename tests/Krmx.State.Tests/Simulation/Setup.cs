using Krmx.Rooms;
using Krmx.Simulation;

namespace Krmx.State.Tests.Simulation;

/// <summary>What is different from run to run.</summary>
internal sealed record Setup(
    int Clients,
    LinkConflict Conflict,
    bool ClearsWhenEmpty,
    bool HasStrictPrefixes,
    bool OmitsOldValues,
    int MaxLogBytes,
    bool IsLogCut,
    int MaxAtomBytes,
    TimeSpan Lifetime)
{
    /// <summary>How many of the clients have sessions; they are the first.</summary>
    public int Resuming { get; init; }

    /// <summary>For how long a session goes on without a connection.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many messages are kept for sessions.</summary>
    public int MaxJournalEntries { get; init; } = 4096;

    public StreamModel<Journal> JournalModel => IsLogCut ? Simulation.JournalModel.CutModel : Simulation.JournalModel.Model;

    public static Setup Choose(Rng rng) => new(
        2 + rng.Below(7),
        rng.OneIn(2) ? LinkConflict.Replace : LinkConflict.Reject,
        rng.OneIn(2),
        rng.OneIn(2),
        rng.OneIn(2),
        rng.OneIn(3) ? 512 * 1024 : rng.OneIn(2) ? 1500 : 300,
        rng.OneIn(2),
        rng.OneIn(3) ? 220 : 256 * 1024,
        TimeSpan.FromSeconds(rng.OneIn(2) ? 10 : 2))
    {
        Resuming = rng.OneIn(3) ? 0 : 1 + rng.Below(8),
        Grace = TimeSpan.FromSeconds(rng.OneIn(3) ? 4 : 120),
        MaxJournalEntries = rng.OneIn(3) ? 4 : 4096,
    };
}

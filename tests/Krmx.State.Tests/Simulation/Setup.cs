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
    int MaxAtomBytes,
    TimeSpan Lifetime)
{
    public static Setup Choose(Rng rng) => new(
        2 + rng.Below(7),
        rng.OneIn(2) ? LinkConflict.Replace : LinkConflict.Reject,
        rng.OneIn(2),
        rng.OneIn(2),
        rng.OneIn(2),
        rng.OneIn(3) ? 1500 : 512 * 1024,
        rng.OneIn(3) ? 220 : 256 * 1024,
        TimeSpan.FromSeconds(rng.OneIn(2) ? 10 : 2));
}

using System.Diagnostics;
using Krmx.Load;

namespace Krmx.PeersBench.Measures;

/// <summary>
/// What 10,000 rooms cost that somebody was in: the growth of the resident memory over a server that has served as many visits in one room.
/// Each room keeps the user who visited it.
/// </summary>
internal sealed class Rooms : IMeasureOfOne
{
    private const int Count = 10_000, AtOnce = 8;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public string Name => "rooms";

    public string Title => $"{Count:N0} idle rooms";

    public IReadOnlyList<string> Figures { get; } = ["resident memory per room (KB)", "CPU of the server (%)"];

    public bool IsMoreBetter => false;

    public IReadOnlyList<Target> Targets { get; } = [];

    public bool AppliesTo(Peer peer) => peer.Name == Peer.Ours;

    public async Task<IReadOnlyList<double[]>> TakeAsync(Peer peer, PeerServer server)
    {
        await VisitAsync(server, _ => "/rooms/lobby");
        await Task.Delay(Rest);
        long before = server.Probe.ResidentBytes;
        await VisitAsync(server, i => $"/rooms/{i}");
        await Task.Delay(Rest);
        double memory = (server.Probe.ResidentBytes - before) / 1024.0 / Count;

        double cpu = server.Probe.CpuSeconds;
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(Rest);
        return [[memory, 100 * (server.Probe.CpuSeconds - cpu) / Stopwatch.GetElapsedTime(began).TotalSeconds]];
    }

    private static Task VisitAsync(PeerServer server, Func<int, string> path) =>
        Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
        {
            using var visitor = new Fleet(server.Address, new KrmxWire(path(i), $"visitor{i}-") { Leaves = false }, 1, (_, _) => { });
            await visitor.ConnectAsync(cancellation: cancellation);
            await visitor.GetReadyAsync(cancellation);
        });
}

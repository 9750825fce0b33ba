using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>Broadcasts of 100 bytes to everybody, so many under way at any time.</summary>
internal sealed class Throughput(
    int clients, int senders, int window, TimeSpan warmUp, TimeSpan duration, params (string Peer, double Factor)[] targets)
    : IMeasure
{
    public string Name => $"{clients}x{senders}x{window}";

    public string Title => $"{clients:N0} clients, {senders * window} in flight from {(senders == 1 ? "one sender" : $"{senders} senders")}";

    public IReadOnlyList<string> Figures { get; } =
        ["deliveries per CPU second of the server (thousands)", "deliveries per second (thousands)", "p50 (ms)", "p99 (ms)", "CPU of the load (%)"];

    public bool IsMoreBetter => true;

    public IReadOnlyList<(string Peer, double Factor)> Targets => targets;

    public bool Varies => true;

    public bool AppliesTo(Peer peer) => peer.Name != Peer.Bare;

    public async Task<double[]> TakeAsync(Peer peer, PeerServer server)
    {
        var loop = new ClosedLoop(peer.Wire, senders, window, 100);
        using var fleet = new Fleet(server.Address, peer.Wire, clients, loop.Handle);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        await loop.RunAsync(fleet.Clients, default);
        LoadResult result = await Measurement.TakeAsync(fleet, loop.Latencies, warmUp, duration, server.Probe);
        return
        [
            result.DeliveriesPerCpuSecond!.Value / 1000,
            result.DeliveriesPerSecond / 1000,
            result.Latencies.Milliseconds(0.5),
            result.Latencies.Milliseconds(0.99),
            100 * result.ClientCpuSeconds / result.Seconds,
        ];
    }
}

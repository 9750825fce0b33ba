using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>200 broadcasts a second to 200 clients, each delivery's latency counted from when its message was due.</summary>
internal sealed class Latency(TimeSpan warmUp, TimeSpan duration) : IMeasure
{
    private const int Clients = 200, Senders = 8, PerSecond = 200;

    public string Name => "latency";

    public string Title => $"{PerSecond} broadcasts a second to {Clients} clients";

    public IReadOnlyList<string> Figures { get; } = ["p99 (ms)", "p50 (ms)", "p99.9 (ms)", "CPU of the server (%)"];

    public bool IsMoreBetter => false;

    public IReadOnlyList<(string Peer, double Factor)> Targets { get; } = [(Peer.SignalR, 1)];

    public bool Varies => true;

    public bool AppliesTo(Peer peer) => peer.Name != Peer.Bare;

    public async Task<double[]> TakeAsync(Peer peer, PeerServer server)
    {
        var load = new FixedRate(peer.Wire, Senders, PerSecond, 100);
        using var fleet = new Fleet(server.Address, peer.Wire, Clients, load.Handle);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        using var stop = new CancellationTokenSource();
        Task sending = load.RunAsync(fleet.Clients, stop.Token);
        LoadResult result = await Measurement.TakeAsync(fleet, load.Latencies, warmUp, duration, server.Probe);
        await stop.CancelAsync();
        await sending;
        return
        [
            result.Latencies.Milliseconds(0.99),
            result.Latencies.Milliseconds(0.5),
            result.Latencies.Milliseconds(0.999),
            100 * result.ServerCpuSeconds!.Value / result.Seconds,
        ];
    }
}

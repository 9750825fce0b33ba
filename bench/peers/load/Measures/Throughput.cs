using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>Broadcasts of 100 bytes to everybody, so many under way at any time.</summary>
internal sealed class Throughput(int clients, int senders, int window, bool isEncrypted, params Target[] targets) : LoadMeasure
{
    public override string Name => $"{clients}x{senders}x{window}{(IsEncrypted ? "-tls" : "")}";

    public override string Title =>
        $"{clients:N0} clients, {InFlight} in flight from {(senders == 1 ? "one sender" : $"{senders} senders")}{(IsEncrypted ? ", over TLS" : "")}";

    public override IReadOnlyList<string> Figures { get; } =
        ["deliveries per CPU second of the server (thousands)", "deliveries per second (thousands)", "p50 (ms)", "p99 (ms)", "CPU of the load (%)"];

    public override bool IsMoreBetter => true;

    public override IReadOnlyList<Target> Targets => targets;

    public override int Clients => clients;

    public override bool IsEncrypted => isEncrypted;

    private int InFlight => senders * window;

    // The Node servers are made for plain connections only.
    public override bool AppliesTo(Peer peer) => IsEncrypted ? peer.Name is Peer.Ours or Peer.Before or Peer.SignalR : base.AppliesTo(peer);

    public override ILoad CreateLoad(IWire wire) => new ClosedLoop(wire, senders, window, 100);

    public override double[] FiguresOf(LoadResult result) =>
    [
        result.DeliveriesPerCpuSecond!.Value / 1000,
        result.DeliveriesPerSecond / 1000,
        result.Latencies.Milliseconds(0.5),
        result.Latencies.Milliseconds(0.99),
        100 * result.ClientCpuSeconds / result.Seconds,
    ];

    /// <summary>What the kernel would give for the same.</summary>
    public async Task<double[]> TakeFloorAsync(string program, TimeSpan duration) =>
        [await KernelFloor.MeasureAsync(program, clients, InFlight, duration), .. Enumerable.Repeat(double.NaN, Figures.Count - 1)];
}

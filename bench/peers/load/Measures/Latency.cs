using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>200 broadcasts a second to 200 clients, each delivery's latency counted from when its message was due.</summary>
internal sealed class Latency : LoadMeasure
{
    private const int Senders = 8, PerSecond = 200;

    public override string Name => "latency";

    public override string Title => $"{PerSecond} broadcasts a second to {Clients} clients";

    public override IReadOnlyList<string> Figures { get; } = ["p99 (ms)", "p50 (ms)", "p99.9 (ms)", "CPU of the server (%)"];

    public override bool IsMoreBetter => false;

    public override IReadOnlyList<Target> Targets { get; } = [new(Peer.Ws, 1), new(Peer.SignalR, 1)];

    public override int Clients => 200;

    public override ILoad CreateLoad(IWire wire) => new FixedRate(wire, Senders, PerSecond, 100);

    public override double[] FiguresOf(LoadResult result) =>
    [
        result.Latencies.Milliseconds(0.99),
        result.Latencies.Milliseconds(0.5),
        result.Latencies.Milliseconds(0.999),
        100 * result.ServerCpuSeconds!.Value / result.Seconds,
    ];
}

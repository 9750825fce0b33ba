namespace Krmx.Load.Loads;

/// <summary>What was measured while messages were sent.</summary>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="Deliveries">How many messages arrived, each receiver's counted.</param>
/// <param name="Latencies">How long messages took; in a closed loop the senders' own, at a fixed rate every delivery.</param>
/// <param name="ServerCpuSeconds">What the server used; null where its process is not known.</param>
/// <param name="ClientCpuSeconds">What this process used.</param>
internal sealed record LoadResult(double Seconds, long Deliveries, Latencies Latencies, double? ServerCpuSeconds, double ClientCpuSeconds)
{
    public double DeliveriesPerSecond => Deliveries / Seconds;

    /// <summary>The deliveries for each second of processor time of the server; null where that is not known.</summary>
    public double? DeliveriesPerCpuSecond => Deliveries / ServerCpuSeconds;
}

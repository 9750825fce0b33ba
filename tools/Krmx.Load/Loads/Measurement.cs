using System.Diagnostics;

namespace Krmx.Load.Loads;

/// <summary>Takes the readings at the beginning and the end of what is measured.</summary>
internal static class Measurement
{
    /// <summary>Lets a load run, first unmeasured and then measured.</summary>
    /// <param name="fleet">The clients; the load runs already.</param>
    /// <param name="latencies">What the load records.</param>
    /// <param name="warmUp">How long not to measure: servers compile and learn.</param>
    /// <param name="duration">How long to measure.</param>
    /// <param name="server">The server's process; null where it is not known.</param>
    /// <param name="cancellation">Ends the measurement early; what there is by then is given.</param>
    public static async Task<LoadResult> TakeAsync(
        Fleet fleet, Latencies latencies, TimeSpan warmUp, TimeSpan duration, ProcessProbe? server, CancellationToken cancellation = default)
    {
        await WaitAsync(fleet, warmUp, cancellation).ConfigureAwait(false);
        using var self = new ProcessProbe(Environment.ProcessId);
        latencies.Clear();
        double? serverCpu = server?.CpuSeconds;
        double clientCpu = self.CpuSeconds;
        long count = fleet.Count, began = Stopwatch.GetTimestamp();

        await WaitAsync(fleet, duration, cancellation).ConfigureAwait(false);

        return new LoadResult(
            Stopwatch.GetElapsedTime(began).TotalSeconds,
            fleet.Count - count,
            latencies,
            server?.CpuSeconds - serverCpu,
            self.CpuSeconds - clientCpu);
    }

    private static async Task WaitAsync(Fleet fleet, TimeSpan time, CancellationToken cancellation)
    {
        try
        {
            await fleet.WaitAsync(Task.Delay(time, cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What was measured until now is still right.
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Krmx.Load;

namespace Krmx.PeersBench;

/// <summary>Watches whether others use the processor, which would make a measurement worthless.</summary>
internal static class Machine
{
    private const double MostOthers = 0.1;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until nobody else uses the processor.</summary>
    public static async Task UntilQuietAsync()
    {
        while (true)
        {
            (double busy, long began) = (BusySeconds(), Stopwatch.GetTimestamp());
            await Task.Delay(Look);
            if ((BusySeconds() - busy) / Stopwatch.GetElapsedTime(began).TotalSeconds < MostOthers)
                return;
        }
    }

    /// <summary>Measures with nobody else there.</summary>
    /// <returns>The figures, and how much of a core others used meanwhile; not to be trusted if that is more than a tenth.</returns>
    public static async Task<(double[] Figures, bool IsDisturbed)> WatchAsync(PeerServer server, Func<Task<double[]>> take)
    {
        using var self = new ProcessProbe(Environment.ProcessId);
        double busy = BusySeconds(), own = self.CpuSeconds + server.Probe.CpuSeconds;
        long began = Stopwatch.GetTimestamp();
        double[] figures = await take();
        double others = BusySeconds() - busy - (self.CpuSeconds + server.Probe.CpuSeconds - own);
        return (figures, others / Stopwatch.GetElapsedTime(began).TotalSeconds > MostOthers);
    }

    /// <summary>The seconds that all processes together have used: the first line of /proc/stat, in hundredths.</summary>
    private static double BusySeconds() =>
        File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..4]
            .Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / 100;
}

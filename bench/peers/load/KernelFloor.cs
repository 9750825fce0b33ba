using System.Diagnostics;
using System.Globalization;
using Krmx.Load;

namespace Krmx.PeersBench;

/// <summary>The system calls of a relay and nothing else: what no server on this machine can go beyond.</summary>
internal static class KernelFloor
{
    /// <summary>The deliveries for each second of processor time, in thousands.</summary>
    public static async Task<double> MeasureAsync(string program, int clients, int underWay, TimeSpan duration)
    {
        string[] arguments = [.. new[] { clients, underWay, (int)duration.TotalSeconds }.Select(value => value.ToString(CultureInfo.InvariantCulture))];
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new LoadException($"{program} ended with {process.ExitCode}");
    }
}

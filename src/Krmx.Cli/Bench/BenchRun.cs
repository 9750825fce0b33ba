using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Krmx.Load;
using Krmx.Load.Connections;
using Krmx.Load.Loads;

namespace Krmx.Cli.Bench;

/// <summary>Runs a load from the first connection to the last figure.</summary>
internal static class BenchRun
{
    private static readonly TimeSpan FirstDelivery = TimeSpan.FromSeconds(10);

    /// <exception cref="LoadException">A client was refused or lost, or the server does not relay.</exception>
    public static async Task<BenchResult> RunAsync(BenchOptions options, BenchProgress progress, CancellationToken interruption)
    {
        using ProcessProbe? server = options.Process is int id ? new ProcessProbe(id) : null;
        var wire = new KrmxWire(options.Uri.PathAndQuery, $"bench-{RandomNumberGenerator.GetInt32(1_000_000):D6}-");
        ILoad load = options.Rate is int rate
            ? new FixedRate(wire, options.Senders, rate, options.MessageLength)
            : new ClosedLoop(wire, options.Senders, options.Window, options.MessageLength);
        using var fleet = new Fleet(new DnsEndPoint(options.Uri.DnsSafeHost, options.Uri.Port), wire, options.Clients, load.Handle, patience: options.Patience);

        TimeSpan connecting = await TimeAsync(fleet.ConnectAsync(options.Ramp, interruption), "connected");
        TimeSpan linking = await TimeAsync(fleet.GetReadyAsync(interruption), "linked");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        Task sending = load.RunAsync(fleet.Clients, stop.Token);
        await WaitForDeliveryAsync(fleet, load, interruption);
        Task<LoadResult> measuring = Measurement.TakeAsync(fleet, load.Latencies, options.WarmUp, options.Duration, server, interruption);
        await progress.ShowAsync(measuring, Rate(fleet));
        await stop.CancelAsync();
        await sending;
        return new BenchResult(options, connecting, linking, await measuring);

        async Task<TimeSpan> TimeAsync(Task work, string what)
        {
            long began = Stopwatch.GetTimestamp();
            await progress.ShowAsync(work, () => $"{BenchProgress.Number(fleet.Progress)} of {BenchProgress.Number(options.Clients)} clients {what}");
            return Stopwatch.GetElapsedTime(began);
        }
    }

    /// <summary>What is delivered in a second, counted from one call to the next.</summary>
    private static Func<string> Rate(Fleet fleet)
    {
        long count = fleet.Count, at = Stopwatch.GetTimestamp();
        return () =>
        {
            long nextCount = fleet.Count, next = Stopwatch.GetTimestamp();
            double perSecond = (nextCount - count) / Stopwatch.GetElapsedTime(at, next).TotalSeconds;
            (count, at) = (nextCount, next);
            return $"{BenchProgress.Number(perSecond)} deliveries a second";
        };
    }

    private static async Task WaitForDeliveryAsync(Fleet fleet, ILoad load, CancellationToken interruption)
    {
        long began = Stopwatch.GetTimestamp();
        while (load.Latencies.Count == 0)
        {
            if (Stopwatch.GetElapsedTime(began) > FirstDelivery)
            {
                throw new LoadException(
                    "nothing came back: the server must relay messages to all users, and to the sender as well where there is no --rate, " +
                    "as krmx serve --include-sender does");
            }
            await fleet.WaitAsync(Task.Delay(10, interruption));
        }
    }
}

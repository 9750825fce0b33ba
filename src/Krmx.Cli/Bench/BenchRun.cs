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

    /// <summary>After what time without a delivery no more come, where some are missing and where none is.</summary>
    private static readonly TimeSpan LastDelivery = TimeSpan.FromSeconds(3), LastSurplus = TimeSpan.FromMilliseconds(200);

    /// <exception cref="LoadException">A client was refused or lost, or the server does not relay.</exception>
    public static async Task<BenchResult> RunAsync(BenchOptions options, BenchProgress progress, CancellationToken interruption)
    {
        using ProcessProbe? server = options.Process is int id ? new ProcessProbe(id) : null;
        var wire = new KrmxWire(options.Uri.PathAndQuery, $"bench-{RandomNumberGenerator.GetInt32(1_000_000):D6}-") { Resumes = options.Resumes };
        DeliveryCheck? check = options.Resumes ? new DeliveryCheck(options.Clients, options.Senders) : null;
        ILoad load = options.Rate is int rate
            ? new FixedRate(wire, options.Senders, rate, options.MessageLength, check)
            : new ClosedLoop(wire, options.Senders, options.Window, options.MessageLength, check);
        using var fleet = new Fleet(new DnsEndPoint(options.Uri.DnsSafeHost, options.Uri.Port), wire, options.Clients, load.Handle, patience: options.Patience);

        TimeSpan connecting = await TimeAsync(fleet.ConnectAsync(options.Ramp, interruption), "connected");
        TimeSpan linking = await TimeAsync(fleet.GetReadyAsync(interruption), "linked");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        Task sending = load.RunAsync(fleet.Clients, stop.Token);
        await WaitForDeliveryAsync(fleet, load, interruption);
        Cutter? cutter = options.CutPeriod is TimeSpan period ? new Cutter(fleet, period) : null;
        using var stopCutting = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        Task cutting = cutter?.RunAsync(stopCutting.Token) ?? Task.CompletedTask;
        Task<LoadResult> measuring = Measurement.TakeAsync(fleet, load.Latencies, options.WarmUp, options.Duration, server, interruption);
        try
        {
            await progress.ShowAsync(measuring, Rate(fleet));
        }
        finally
        {
            await stopCutting.CancelAsync();
            await Task.WhenAny(cutting);
        }
        await cutting;
        await stop.CancelAsync();
        await sending;
        if (check is not null)
            await SettleAsync(fleet, check);
        return new BenchResult(options, connecting, linking, await measuring, check, cutter);

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

    /// <summary>Waits until what is under way has come.</summary>
    private static async Task SettleAsync(Fleet fleet, DeliveryCheck check)
    {
        long count = fleet.Count, at = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(at) < (check.Lost == 0 ? LastSurplus : LastDelivery))
        {
            await fleet.WaitAsync(Task.Delay(50));
            if (fleet.Count != count)
                (count, at) = (fleet.Count, Stopwatch.GetTimestamp());
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Faults.Greedy;

/// <summary>
/// A client that does only what the limits allow, for minutes, against a server with every option as it is by default: newcomers get in all the
/// time, and what others do goes on. Run by hand, as it takes the machine: <c>docs/security.md</c> has the figures.
/// </summary>
[Collection(nameof(WholeMachine))]
public class GreedyClientTests(ITestOutputHelper output)
{
    private const string Room = "/rooms/red";
    private static readonly TimeSpan MostForOthers = TimeSpan.FromMilliseconds(100);

    [Theory(Explicit = true)]
    [InlineData("nothing")]
    [InlineData("names")]
    [InlineData("atoms")]
    [InlineData("pings")]
    [InlineData("rooms")]
    [InlineData("logs")]
    public async Task WhatLimitsAllow_HarmsNobodyElse(string greed)
    {
        double minutes = double.Parse(Environment.GetEnvironmentVariable("KRMX_GREEDY_MINUTES") ?? "2", CultureInfo.InvariantCulture);
        int port = ServerProcess.FreePort();
        string url = $"ws://127.0.0.1:{port}{Room}";
        await using ServerProcess server = ServerProcess.Start("Krmx.FaultPeer", output: "/dev/null", "defaults", $"{port}");
        await using KrmxClient witness = await ServerProcess.LinkAsync(url, "witness");
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        long before = await ResidentAsync(port);

        var greedy = new GreedyClient(port, Room, stop.Token);
        Task<List<TimeSpan>> echoes = EchoAsync(witness, stop.Token), newcomers = EnterAsync(url, stop.Token);
        await (greed switch
        {
            "names" => greedy.TakeNamesAsync(),
            "atoms" => greedy.SetAtomsAsync(),
            "pings" => greedy.PingAsync(),
            "rooms" => greedy.MakeRoomsAsync(),
            "logs" => greedy.FillLogsAsync(),
            _ => Task.CompletedTask,
        });

        List<TimeSpan> waits = await echoes, entries = await newcomers;
        output.WriteLine(
            $"{greed}: done {greedy.Count:N0} times in {minutes} min; echo p50 {Part(waits, 0.5)}, p99 {Part(waits, 0.99)}, longest {Part(waits, 1)} of {waits.Count}; " +
            $"{entries.Count} newcomers in, p99 {Part(entries, 0.99)}, longest {Part(entries, 1)}; " +
            $"server grew from {before >> 20} to {await ResidentAsync(port) >> 20} MB");
        Assert.True(At(waits, 0.99) < MostForOthers, "others wait");
    }

    private static async Task<List<TimeSpan>> EchoAsync(KrmxClient witness, CancellationToken stop)
    {
        var waits = new List<TimeSpan>();
        var echo = new SemaphoreSlim(0);
        witness.OnMessage("echo", _ => echo.Release());
        while (!stop.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            await witness.SendAsync("echo");
            Assert.True(await echo.WaitAsync(Patience.Limit, CancellationToken.None), "no echo came");
            waits.Add(Stopwatch.GetElapsedTime(began));
            await Task.Delay(10, CancellationToken.None);
        }
        return waits;
    }

    /// <summary>One newcomer after the other, who sees itself linked and goes.</summary>
    private static async Task<List<TimeSpan>> EnterAsync(string url, CancellationToken stop)
    {
        var waits = new List<TimeSpan>();
        while (!stop.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            await using KrmxClient newcomer = await ServerProcess.LinkAsync(url, $"newcomer{waits.Count}");
            waits.Add(Stopwatch.GetElapsedTime(began));
            await Task.Delay(200, CancellationToken.None);
        }
        return waits;
    }

    private static async Task<long> ResidentAsync(int port)
    {
        using var http = new HttpClient();
        return long.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/resident"), CultureInfo.InvariantCulture);
    }

    private static TimeSpan At(List<TimeSpan> times, double part) => times.Order().ElementAt(Math.Min(times.Count - 1, (int)(part * times.Count)));

    private static string Part(List<TimeSpan> times, double part) => $"{At(times, part).TotalMilliseconds:N0} ms";
}

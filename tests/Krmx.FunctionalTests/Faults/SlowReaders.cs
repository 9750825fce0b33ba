using System.Diagnostics;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>What a server used while some of its clients read nothing, and what a message to the others took before and then.</summary>
internal sealed record SlowReaders(string Load, Effort Undisturbed, Effort Disturbed, PeerStats Before, long MostResident, PeerStats After)
{
    public const int Clients = 1000, Slow = 100;

    private const int Messages = 250;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string Text = $$"""{"type":"news","payload":"{{new string('x', 4000)}}"}""";

    /// <summary>What the others get of what they got before; what else the machine does takes its part.</summary>
    public double Share => Undisturbed.Time / Disturbed.Time;

    /// <summary>How many times the processor time of before the server takes for a message to the others, whatever else the machine does.</summary>
    public double Cost => Disturbed.ProcessorTime / Undisturbed.ProcessorTime;

    /// <summary>Speaks at a fixed rate, as long as those who read follow.</summary>
    public static Task<SlowReaders> RunPacedAsync(PeerProcess server) =>
        RunAsync(server, $"{1 / Pace.TotalSeconds} messages of 4 KB a second", warmUp: Messages, Pace, underWay: 4);

    /// <summary>Speaks as fast as those who read can hear.</summary>
    public static Task<SlowReaders> RunSaturatedAsync(PeerProcess server) =>
        RunAsync(server, "as many messages of 4 KB as the others can take, 16 under way", warmUp: 8 * Messages, pace: null, underWay: 16);

    public override string ToString() => $"{Slow} of {Clients} clients stop reading, {Load}: " +
        $"{(Clients - Slow) / Undisturbed.Time.TotalSeconds:F0} deliveries a second before, {Share:P1} of that with the slow ones, every message delivered; " +
        $"{Undisturbed.ProcessorTime.TotalMilliseconds:F2} and {Disturbed.ProcessorTime.TotalMilliseconds:F2} ms of processor time a message; " +
        $"{Clients + 1 - After.Linked} ended; " +
        $"resident MB {Before.ResidentBytes / 1e6:F0} before, {MostResident / 1e6:F0} at most";

    private static async Task<SlowReaders> RunAsync(PeerProcess server, string load, int warmUp, TimeSpan? pace, int underWay)
    {
        OpenFiles.Demand(Clients + 500);
        SwarmClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new SwarmClient { ReceiveBufferSize = 16 * 1024 })];
        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await clients[i].LinkAsync(server.Port, $"user{i}", Clients + 1, server.Version));
        await using WireClient speaker = await (await WireClient.ConnectAsync(server.Port)).LinkAsync("speaker", version: server.Version);
        speaker.AnswersPings = true;
        _ = speaker.ExpectEndAsync();
        await Task.WhenAll(clients.Select(client => client.SawAll)).Soon();
        SwarmClient[] healthy = clients[Slow..];

        await SpeakAsync(warmUp);
        Effort undisturbed = await SpeakAsync(Messages);
        PeerStats before = await server.StatsAsync();
        foreach (SwarmClient client in clients[..Slow])
            client.StopReading();
        server.ResetPeak();
        Effort disturbed = await SpeakAsync(2 * Messages);
        long most = server.ReadPeak();
        PeerStats after = await server.StatsAsync();
        foreach (SwarmClient client in clients)
            client.Dispose();
        return new SlowReaders(load, undisturbed, disturbed, before, most, after);

        // Until each of the others has got each message. They are never far behind: on a busy machine they would be too slow themselves.
        async Task<Effort> SpeakAsync(int messages)
        {
            using PeriodicTimer? ticks = pace is { } period ? new PeriodicTimer(period) : null;
            int[] heard = [.. healthy.Select(client => client.News)];
            long began = Stopwatch.GetTimestamp();
            TimeSpan processorTime = server.ProcessorTime;
            for (int i = 0; i < messages; i++)
            {
                await speaker.SendAsync(Text);
                if (i % underWay == 0)
                    await Patience.Until(() => HaveHeard(healthy, heard, i - underWay), "the others keep up");
                if (ticks is not null)
                    await ticks.WaitForNextTickAsync();
            }
            await Patience.Until(() => HaveHeard(healthy, heard, messages), "the others heard everything");
            return new Effort(Stopwatch.GetElapsedTime(began) / messages, (server.ProcessorTime - processorTime) / messages);
        }
    }

    private static bool HaveHeard(SwarmClient[] clients, int[] before, int messages) =>
        clients.Zip(before).All(client => client.First.News - client.Second >= messages);
}

/// <summary>What a message took: by the clock, and of the server's processor time.</summary>
internal readonly record struct Effort(TimeSpan Time, TimeSpan ProcessorTime);

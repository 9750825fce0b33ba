using System.Diagnostics;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>What a server used while some of its clients read nothing, and how long a message to the others took before and then.</summary>
internal sealed record SlowReaders(string Load, TimeSpan Undisturbed, TimeSpan Disturbed, PeerStats Before, long MostResident, PeerStats After)
{
    public const int Clients = 1000, Slow = 100;

    private const int Messages = 250, WarmUp = 2000, UnderWay = 16;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string Text = $$"""{"type":"news","payload":"{{new string('x', 4000)}}"}""";

    /// <summary>Says something to the clients, so many times.</summary>
    private delegate Task Speaking(WireClient speaker, SwarmClient[] clients, int messages);

    /// <summary>What the others get of what they got before.</summary>
    public double Share => Undisturbed / Disturbed;

    /// <summary>Speaks at a fixed rate.</summary>
    public static Task<SlowReaders> RunPacedAsync(PeerProcess server) =>
        RunAsync(server, $"{1 / Pace.TotalSeconds} messages of 4 KB a second", warmUp: 0, SpeakAtPaceAsync);

    /// <summary>Speaks as fast as those who read can hear.</summary>
    public static Task<SlowReaders> RunSaturatedAsync(PeerProcess server) =>
        RunAsync(server, $"as many messages of 4 KB as the others can take, {UnderWay} under way", WarmUp, SpeakToTheMostAsync);

    public override string ToString() => $"{Slow} of {Clients} clients stop reading, {Load}: " +
        $"{(Clients - Slow) / Undisturbed.TotalSeconds:F0} deliveries a second before, {Share:P1} of that with the slow ones, every message delivered; " +
        $"{Clients + 1 - After.Linked} ended; " +
        $"resident MB {Before.ResidentBytes / 1e6:F0} before, {MostResident / 1e6:F0} at most";

    private static async Task<SlowReaders> RunAsync(PeerProcess server, string load, int warmUp, Speaking speakAsync)
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

        if (warmUp > 0)
            await TimeAsync(warmUp);
        TimeSpan undisturbed = await TimeAsync(Messages);
        PeerStats before = await server.StatsAsync();
        foreach (SwarmClient client in clients[..Slow])
            client.StopReading();
        server.ResetPeak();
        TimeSpan disturbed = await TimeAsync(2 * Messages);
        long most = server.ReadPeak();
        PeerStats after = await server.StatsAsync();
        foreach (SwarmClient client in clients)
            client.Dispose();
        return new SlowReaders(load, undisturbed, disturbed, before, most, after);

        // The time by the number of messages, until each of the others has got each of them.
        async Task<TimeSpan> TimeAsync(int messages)
        {
            int[] heard = [.. healthy.Select(client => client.News)];
            long began = Stopwatch.GetTimestamp();
            await speakAsync(speaker, healthy, messages);
            await Patience.Until(() => HaveHeard(healthy, heard, messages), "the others heard everything");
            return Stopwatch.GetElapsedTime(began) / messages;
        }
    }

    private static async Task SpeakAtPaceAsync(WireClient speaker, SwarmClient[] clients, int messages)
    {
        using var pace = new PeriodicTimer(Pace);
        for (int i = 0; i < messages; i++)
        {
            await speaker.SendAsync(Text);
            await pace.WaitForNextTickAsync();
        }
    }

    private static async Task SpeakToTheMostAsync(WireClient speaker, SwarmClient[] clients, int messages)
    {
        int[] heard = [.. clients.Select(client => client.News)];
        for (int i = 0; i < messages; i++)
        {
            await speaker.SendAsync(Text);
            if (i % UnderWay == 0)
                await Patience.Until(() => HaveHeard(clients, heard, i - UnderWay), "the others keep up");
        }
    }

    private static bool HaveHeard(SwarmClient[] clients, int[] before, int messages) =>
        clients.Zip(before).All(client => client.First.News - client.Second >= messages);
}

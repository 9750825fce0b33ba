using System.Diagnostics;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>What a server used while some of its clients read nothing, and how long a message to the others took before and then.</summary>
internal sealed record SlowReaders(TimeSpan Undisturbed, TimeSpan Disturbed, PeerStats Before, long MostResident, PeerStats After)
{
    public const int Clients = 1000, Slow = 100;

    private const int Messages = 250;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string Text = $$"""{"type":"news","payload":"{{new string('x', 4000)}}"}""";

    /// <summary>What the others get of what they got before.</summary>
    public double Share => Undisturbed / Disturbed;

    public static async Task<SlowReaders> RunAsync(PeerProcess server)
    {
        OpenFiles.Demand(Clients + 500);
        SwarmClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new SwarmClient { ReceiveBufferSize = 16 * 1024 })];
        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await clients[i].LinkAsync(server.Port, $"user{i}", Clients + 1, server.Version));
        await using WireClient speaker = await (await WireClient.ConnectAsync(server.Port)).LinkAsync("speaker", version: server.Version);
        _ = speaker.ExpectEndAsync();
        await Task.WhenAll(clients.Select(client => client.SawAll)).Soon();
        SwarmClient[] healthy = clients[Slow..];

        TimeSpan undisturbed = await SpeakAsync(speaker, healthy, Messages);
        PeerStats before = await server.StatsAsync();
        foreach (SwarmClient client in clients[..Slow])
            client.StopReading();
        server.ResetPeak();
        TimeSpan disturbed = await SpeakAsync(speaker, healthy, 2 * Messages);
        long most = server.ReadPeak();
        PeerStats after = await server.StatsAsync();
        foreach (SwarmClient client in clients)
            client.Dispose();
        return new SlowReaders(undisturbed, disturbed, before, most, after);
    }

    public override string ToString() => $"{Slow} of {Clients} clients stop reading, {1 / Pace.TotalSeconds} messages of 4 KB a second: " +
        $"{(Clients - Slow) / Undisturbed.TotalSeconds:F0} deliveries a second before, {Share:P1} of that with the slow ones, every message delivered; " +
        $"{Clients + 1 - After.Linked} ended; " +
        $"resident MB {Before.ResidentBytes / 1e6:F0} before, {MostResident / 1e6:F0} at most";

    /// <summary>Sends messages at the pace, and waits until each of the clients has got each of them.</summary>
    /// <returns>The time it took by the number of messages.</returns>
    private static async Task<TimeSpan> SpeakAsync(WireClient speaker, SwarmClient[] clients, int messages)
    {
        int[] heard = [.. clients.Select(client => client.News)];
        long began = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(Pace);
        for (int i = 0; i < messages; i++)
        {
            await speaker.SendAsync(Text);
            await pace.WaitForNextTickAsync();
        }
        for (int i = 0; i < clients.Length; i++)
            await Patience.Until(() => clients[i].News == heard[i] + messages, $"client {i} heard everything: {clients[i].News - heard[i]} of {messages}");
        return Stopwatch.GetElapsedTime(began) / messages;
    }
}

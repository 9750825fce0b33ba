using System.Diagnostics;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A tenth of the clients stops reading while messages go on to everybody at a fixed rate.</summary>
[Collection(nameof(ScaleCollection))]
public class SlowReaderTests(ITestOutputHelper output)
{
    private const int Clients = 1000, Slow = 100, Messages = 250, Cap = 256 * 1024;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string Text = $$"""{"type":"news","payload":"{{new string('x', 4000)}}"}""";

    [Fact]
    public async Task TenthThatReadsNothing_CostsTheOthersNothingAndItselfItsLink()
    {
        OpenFiles.Demand(Clients + 500);
        await using PeerProcess server = await PeerProcess.StartServerAsync(maxQueuedBytes: Cap);
        SwarmClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new SwarmClient { ReceiveBufferSize = 16 * 1024 })];
        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await clients[i].LinkAsync(server.Port, $"user{i}", Clients + 1));
        await using WireClient speaker = await (await WireClient.ConnectAsync(server.Port)).LinkAsync("speaker");
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

        double share = undisturbed / disturbed;
        output.WriteLine($"{Slow} of {Clients} clients stop reading, {1 / Pace.TotalSeconds} messages of 4 KB a second: " +
            $"{healthy.Length / undisturbed.TotalSeconds:F0} deliveries a second before, {share:P1} of that with the slow ones, every message delivered; " +
            $"{Clients + 1 - after.Linked} ended; " +
            $"resident MB {before.ResidentBytes / 1e6:F0} before, {most / 1e6:F0} at most");
        Assert.True(share >= 0.95, $"{share:P1} of the throughput");
        Assert.Equal(Clients - Slow + 1, after.Linked);
        Assert.InRange(most - before.ResidentBytes, long.MinValue, (Slow * Cap) + (64L * 1024 * 1024));
        foreach (SwarmClient client in clients)
            client.Dispose();
    }

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

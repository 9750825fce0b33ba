using System.Diagnostics;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A tenth of the clients stops reading while messages go on to everybody.</summary>
[Collection(nameof(ScaleCollection))]
public class SlowReaderTests(ITestOutputHelper output)
{
    private const int Clients = 1000, Slow = 100, Messages = 250, UnderWay = 16, Cap = 256 * 1024;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string Text = $$"""{"type":"news","payload":"{{new string('x', 4000)}}"}""";

    [Fact]
    public Task TenthThatReadsNothing_CostsTheOthersNothingAndItselfItsLink() => TryAsync(
        $"{1 / Pace.TotalSeconds} messages of 4 KB a second",
        warmUp: 0,
        async (speaker, healthy, messages) =>
        {
            using var pace = new PeriodicTimer(Pace);
            for (int i = 0; i < messages; i++)
            {
                await speaker.SendAsync(Text);
                await pace.WaitForNextTickAsync();
            }
        });

    /// <summary>Compares what two cores can do at most, so it wants them for itself.</summary>
    [Fact(Explicit = true)]
    public Task TenthThatReadsNothing_CostsTheOthersNothingOfAllThatTheServerCanDo() => TryAsync(
        $"as many messages of 4 KB as the others can take, {UnderWay} under way",
        warmUp: 2000,
        async (speaker, healthy, messages) =>
        {
            int[] heard = [.. healthy.Select(client => client.News)];
            for (int i = 0; i < messages; i++)
            {
                await speaker.SendAsync(Text);
                if (i % UnderWay == 0)
                    await Patience.Until(() => AllHeard(healthy, heard, i - UnderWay), "the others keep up");
            }
        });

    private async Task TryAsync(string load, int warmUp, Func<WireClient, SwarmClient[], int, Task> speak)
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

        await TimeAsync(warmUp);
        TimeSpan undisturbed = await TimeAsync(Messages);
        PeerStats before = await server.StatsAsync();
        foreach (SwarmClient client in clients[..Slow])
            client.StopReading();
        server.ResetPeak();
        TimeSpan disturbed = await TimeAsync(2 * Messages);
        long most = server.ReadPeak();
        PeerStats after = await server.StatsAsync();

        double share = undisturbed / disturbed;
        output.WriteLine($"{Slow} of {Clients} clients stop reading, {load}: " +
            $"{healthy.Length / undisturbed.TotalSeconds:F0} deliveries a second before, {share:P1} of that with the slow ones, every message delivered; " +
            $"{Clients + 1 - after.Linked} ended; " +
            $"resident MB {before.ResidentBytes / 1e6:F0} before, {most / 1e6:F0} at most");
        Assert.True(share >= 0.95, $"{share:P1} of the throughput");
        Assert.Equal(Clients - Slow + 1, after.Linked);
        Assert.InRange(most - before.ResidentBytes, long.MinValue, (Slow * Cap) + (64L * 1024 * 1024));
        foreach (SwarmClient client in clients)
            client.Dispose();

        // The time by the number of messages, until each of the others has got each of them.
        async Task<TimeSpan> TimeAsync(int messages)
        {
            int[] heard = [.. healthy.Select(client => client.News)];
            long began = Stopwatch.GetTimestamp();
            await speak(speaker, healthy, messages);
            await Patience.Until(() => AllHeard(healthy, heard, messages), "the others heard everything");
            return Stopwatch.GetElapsedTime(began) / messages;
        }
    }

    private static bool AllHeard(SwarmClient[] clients, int[] before, int messages) =>
        clients.Zip(before).All(client => client.First.News - client.Second >= messages);
}

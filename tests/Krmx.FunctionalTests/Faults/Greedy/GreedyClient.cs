using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Greedy;

/// <summary>
/// One client that does what the limits allow, over several connections, for as long as it likes; where the server ends one of them it opens
/// the next.
/// </summary>
/// <param name="port">Where the server listens.</param>
/// <param name="room">The room it is after.</param>
/// <param name="stop">When it has had enough.</param>
internal sealed class GreedyClient(int port, string room, CancellationToken stop)
{
    private const int AtOnce = 4;
    private long _count;

    /// <summary>How often it did what it does.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Fills the room with users: links and unlinks under ever new names, as often as one connection may.</summary>
    public Task TakeNamesAsync() => RunAsync(AtOnce, async worker =>
    {
        await using GreedyConnection connection = await GreedyConnection.OpenAsync(port, room);
        for (int i = 0; i < 60 && !connection.HasEnded; i++)
        {
            string name = $"n{worker}-{Interlocked.Increment(ref _count)}";
            await connection.SendAsync(WireFrame.OfText(WireClient.LinkText(name)), WireFrame.OfText("""{"type":"krmx/unlink"}"""));
        }
    });

    /// <summary>Fills the room's shared state, and changes it all the time.</summary>
    public Task SetAtomsAsync() => RunAsync(AtOnce, async worker =>
    {
        await using GreedyConnection connection = await LinkAsync(worker);
        string value = new('x', 2000);
        while (!connection.HasEnded && !stop.IsCancellationRequested)
        {
            long i = Interlocked.Increment(ref _count);
            await connection.SendAsync(WireFrame.OfText($$$"""{"type":"atom/set","payload":{"key":"k{{{i % 1000}}}","atom":"{{{i}}}{{{value}}}"}}"""));
            if (i % 50 == 0)
                await Task.Delay(50, CancellationToken.None); // stays below the limit on messages
        }
    });

    /// <summary>Pings and does nothing else.</summary>
    public Task PingAsync() => RunAsync(2 * AtOnce, async worker =>
    {
        await using GreedyConnection connection = await LinkAsync(worker);
        byte[] pings = [.. Enumerable.Repeat(new WireFrame(WireFrame.PingOpcode, []).ToBytes(), 100).SelectMany(static ping => ping)];
        while (!connection.HasEnded && !stop.IsCancellationRequested)
        {
            Interlocked.Add(ref _count, 100);
            await connection.SendAsync(pings);
            if (Count % 1000 == 0)
                await Task.Delay(10, CancellationToken.None);
        }
    });

    /// <summary>Makes rooms, by linking in ever new ones.</summary>
    public Task MakeRoomsAsync() => RunAsync(AtOnce, async worker =>
    {
        await using GreedyConnection connection = await GreedyConnection.OpenAsync(port, $"/rooms/r{Interlocked.Increment(ref _count)}");
        await connection.SendAsync(WireFrame.OfText(WireClient.LinkText($"r{worker}")));
        await Task.Delay(1, CancellationToken.None);
    });

    /// <summary>Sends what the server warns of in its log, as long as it may be.</summary>
    public Task FillLogsAsync() => RunAsync(AtOnce, async worker =>
    {
        await using GreedyConnection connection = await GreedyConnection.OpenAsync(port, room);
        string type = new('l', 60_000);
        for (int i = 0; i < 60 && !connection.HasEnded; i++)
        {
            Interlocked.Increment(ref _count);
            await connection.SendAsync(WireFrame.OfText(WireClient.LinkText($"l{worker}")), WireFrame.OfText($$"""{"type":"krmx/{{type}}"}"""));
        }
    });

    private async Task<GreedyConnection> LinkAsync(int worker)
    {
        GreedyConnection connection = await GreedyConnection.OpenAsync(port, room);
        await connection.SendAsync(WireFrame.OfText(WireClient.LinkText($"g{worker}-{Interlocked.Increment(ref _count)}")));
        return connection;
    }

    private Task RunAsync(int atOnce, Func<int, Task> attack) => Task.WhenAll(Enumerable.Range(0, atOnce).Select(worker => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
            await attack(worker);
    })));
}

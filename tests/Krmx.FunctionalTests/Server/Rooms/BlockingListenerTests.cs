using System.Diagnostics;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>A listener that blocks holds up its own room, and no other: the pool has threads for the others at once.</summary>
public class BlockingListenerTests(ITestOutputHelper output)
{
    /// <summary>As many rooms as the pool, by itself, would take longer to make threads for than the test waits.</summary>
    private const int Rooms = 300;

    [Fact]
    public async Task BlockedRooms_HoldUpNoOther()
    {
        using var released = new ManualResetEvent(false);
        int blocked = 0;
        await using TestServer server = await new TestServer().With(server => server.Map = app => app.MapKrmx("/rooms/{room}", room =>
        {
            room.OnMessage("echo", (KrmxUser user, KrmxMessage message) => room.Send(user.Name, message));
            room.OnMessage("block", (KrmxUser _, KrmxMessage _) =>
            {
                Interlocked.Increment(ref blocked);
                released.WaitOne();
            });
        }, options => options.Messages.MaxPerSecond = 0)).StartAsync();
        WireClient[] blockers = await Task.WhenAll(Enumerable.Range(0, Rooms).Select(i => server.LinkAsync("bob", $"/rooms/{i}")));
        await using WireClient alice = await server.LinkAsync("alice", "/rooms/elsewhere");

        output.WriteLine($"echoes elsewhere, nobody blocked: {await EchoesAsync(alice)}");
        await BlockAsync(32);
        await BlockAsync(Rooms);

        released.Set();
        foreach (WireClient blocker in blockers)
        {
            await blocker.EchoAsync();
            await blocker.DisposeAsync();
        }

        async Task BlockAsync(int count)
        {
            WireClient[] more = blockers[Volatile.Read(ref blocked)..count];
            Task sends = Task.WhenAll(more.Select(blocker => blocker.SendAsync("""{"type":"block"}""")));
            string echoes = await EchoesAsync(alice);
            await sends.Soon();
            await Patience.Until(() => Volatile.Read(ref blocked) == count, "all are blocked");
            output.WriteLine($"echoes elsewhere, {count} rooms blocked: {echoes}");
            await alice.EchoAsync();
        }
    }

    [Fact]
    public async Task RoomsWhoseSetupBlocks_HoldUpNoOther()
    {
        using var released = new ManualResetEvent(false);
        int blocked = 0;
        await using TestServer server = await new TestServer().With(server => server.Map = app =>
        {
            app.MapKrmx("/krmx", server.SetUp);
            app.MapKrmx("/slow/{room}", _ =>
            {
                Interlocked.Increment(ref blocked);
                released.WaitOne();
            }, options => options.Rooms.OpenTimeout = 2 * Patience.Limit);
        }).StartAsync();
        await using WireClient alice = await server.LinkAsync("alice");

        Task<WireClient>[] comers = [.. Enumerable.Range(0, Rooms).Select(i => server.ConnectAsync($"/slow/{i}"))];
        await Patience.Until(() => Volatile.Read(ref blocked) == Rooms, "all rooms are being made");
        await alice.EchoAsync();

        released.Set();
        foreach (WireClient comer in await Task.WhenAll(comers).Soon())
            await comer.DisposeAsync();
    }

    /// <summary>Echoes for a second, and says how long they took.</summary>
    private static async Task<string> EchoesAsync(WireClient client)
    {
        var taken = new List<double>();
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1);)
        {
            long sent = Stopwatch.GetTimestamp();
            await client.EchoAsync();
            taken.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        taken.Sort();
        return $"p50 {taken[taken.Count / 2]:F1} ms, p99 {taken[taken.Count * 99 / 100]:F1} ms, at most {taken[^1]:F1} ms, {taken.Count} in all";
    }
}

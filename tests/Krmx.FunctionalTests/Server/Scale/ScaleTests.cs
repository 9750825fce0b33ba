using System.Diagnostics;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;

namespace Krmx.FunctionalTests.Server.Scale;

[Collection(nameof(WholeMachine))]
public class ScaleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TwoThousandUsersInOneRoom_SeeEachOtherAndHearABroadcast()
    {
        const int Users = 2000;
        OpenFiles.Demand((2 * Users) + 500);
        await using TestServer server = await new TestServer { Options = options => options.Pings.Interval = TimeSpan.Zero }.StartAsync();
        SwarmClient[] clients = [.. Enumerable.Range(0, Users).Select(_ => new SwarmClient())];
        try
        {
            long began = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(0, Users, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
                await clients[i].LinkAsync(server.Port, $"user{i}", Users));
            await Task.WhenAll(clients.Select(client => client.SawAll)).Soon();
            TimeSpan linked = Stopwatch.GetElapsedTime(began);
            long frames = clients.Sum(client => client.Frames), bytes = clients.Sum(client => client.Bytes);

            began = Stopwatch.GetTimestamp();
            await server.Room.InvokeAsync(() => server.Room.Broadcast("news", 1));
            await Task.WhenAll(clients.Select(client => client.SawNews)).Soon();
            TimeSpan told = Stopwatch.GetElapsedTime(began);

            output.WriteLine(
                $"{Users} users linked and seen by all in {linked.TotalSeconds:F2} s: {frames:N0} frames, {bytes / 1e6:N0} MB, " +
                $"{frames / linked.TotalSeconds:N0} frames/s; a broadcast reached all in {told.TotalMilliseconds:F1} ms; " +
                $"{GC.GetTotalMemory(forceFullCollection: true) / 1e6:N0} MB are held by both ends together");
            Assert.Equal(Users, await server.Room.InvokeAsync(() => server.Room.LinkedCount));
            Assert.Equal(0, server.Metrics.Total("krmx.evictions", nameof(UnlinkReason.TooSlow)));
        }
        finally
        {
            foreach (SwarmClient client in clients)
                client.Dispose();
        }
        await server.Metrics.WaitFor("krmx.connections", 0);
    }

    [Fact]
    public async Task ThousandRoomsOfFour_HearTheirOwnMessagesAlone()
    {
        const int Rooms = 1000, Each = 4;
        OpenFiles.Demand((2 * Rooms * Each) + 500);
        await using TestServer server = await new TestServer
        {
            Map = app => app.MapKrmx("/rooms/{room}", room =>
            {
                room.OnMessage("say", (KrmxUser _, KrmxMessage _) => room.Broadcast("said", room.Name));
                room.OnMessage("echo", (KrmxUser user, KrmxMessage message) => room.Send(user.Name, message));
            }, options => options.Pings.Interval = TimeSpan.Zero),
        }.StartAsync();
        var clients = new WireClient[Rooms][];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 16 };

        long began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Rooms, parallel, async (room, _) =>
        {
            clients[room] = new WireClient[Each];
            for (int i = 0; i < Each; i++)
            {
                clients[room][i] = await server.LinkAsync($"user{i}", $"/rooms/room{room}");
                foreach (WireClient other in clients[room][..i])
                    await other.ExpectAsync(Texts.Joined($"user{i}"), Texts.Linked($"user{i}"));
            }
        });
        TimeSpan linked = Stopwatch.GetElapsedTime(began);
        await server.Metrics.WaitFor("krmx.rooms", Rooms);
        await server.Metrics.WaitFor("krmx.users.linked", Rooms * Each);

        // One message in every room, and then an echo each: nothing else came to anybody.
        began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Rooms, parallel, async (room, _) => await clients[room][room % Each].SendAsync("""{"type":"say"}"""));
        await Parallel.ForAsync(0, Rooms, parallel, async (room, _) =>
        {
            foreach (WireClient client in clients[room])
                await client.ExpectAsync($$"""{"type":"said","payload":"room{{room}}"}""");
        });
        TimeSpan said = Stopwatch.GetElapsedTime(began);
        await Parallel.ForAsync(0, Rooms, parallel, async (room, _) =>
        {
            foreach (WireClient client in clients[room])
                await client.EchoAsync();
        });

        output.WriteLine(
            $"{Rooms} rooms of {Each} linked in {linked.TotalSeconds:F2} s; " +
            $"a message in every room reached its {Each} in {said.TotalMilliseconds:F0} ms; " +
            $"{GC.GetTotalMemory(forceFullCollection: true) / 1e6:N0} MB are held by both ends together");
        foreach (WireClient client in clients.SelectMany(c => c))
            await client.DisposeAsync();
        await server.Metrics.WaitFor("krmx.connections", 0);
    }
}

using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>Alarms of rooms over sockets: they ring where nothing else happens, each in its own room.</summary>
public sealed class AlarmTests
{
    private const string Closed = """{"type":"closed"}""";

    [Fact]
    public async Task Alarm_RingsWhenTheServersTimeHasCome()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = await new TestServer { Time = time, Configure = SetUp }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await AskAsync(bob, milliseconds: 10_000);
        time.Pass(TimeSpan.FromSeconds(9));
        await bob.EchoAsync();
        await AskAsync(bob, milliseconds: 10_000);
        time.Pass(TimeSpan.FromSeconds(9));
        await bob.EchoAsync();
        time.Pass(TimeSpan.FromSeconds(1));

        await bob.ExpectAsync(Closed);
    }

    [Fact]
    public async Task Alarms_OfManyRoomsRingInRealTime()
    {
        await using TestServer server = await new TestServer().With(server => server.Map = app => app.MapKrmx("/rooms/{room}", room =>
        {
            server.SetUp(room);
            SetUp(room);
        })).StartAsync();
        WireClient[] clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => server.LinkAsync("bob", $"/rooms/{i}")));

        await Task.WhenAll(clients.Select((client, i) => AskAsync(client, milliseconds: 100 - i)));

        foreach (WireClient client in clients)
        {
            await client.ExpectAsync(Closed);
            await client.DisposeAsync();
        }
    }

    private static void SetUp(KrmxRoom room)
    {
        room.OnMessage<int>("ask", (_, milliseconds) =>
        {
            room.SetAlarm("close-question", TimeSpan.FromMilliseconds(milliseconds));
            room.Broadcast("asked");
        });
        room.OnAlarm("close-question", () => room.Broadcast("closed"));
    }

    private static async Task AskAsync(WireClient client, int milliseconds)
    {
        await client.SendAsync($$"""{"type":"ask","payload":{{milliseconds}}}""");
        await client.ExpectAsync("""{"type":"asked"}""");
    }
}

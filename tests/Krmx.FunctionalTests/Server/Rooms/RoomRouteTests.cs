using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Rooms;

/// <summary>A route like <c>/rooms/{room}</c>: a room for each value, for as long as somebody is there.</summary>
public class RoomRouteTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly EventLog _log = new();

    [Fact]
    public async Task Rooms_AreIsolated()
    {
        await using TestServer server = await StartAsync();
        await using WireClient one = await server.LinkAsync("bob", "/rooms/one");
        await using WireClient two = await server.LinkAsync("bob", "/rooms/two");
        await using WireClient other = await server.LinkAsync("alice", "/rooms/two");
        await two.ExpectAsync(Texts.Joined("alice"), Texts.Linked("alice"));

        await one.SendAsync("""{"type":"say"}""");
        await one.ExpectAsync("""{"type":"said","payload":"one"}""");
        await other.SendAsync("""{"type":"say"}""");
        await two.ExpectAsync("""{"type":"said","payload":"two"}""");
        await other.ExpectAsync("""{"type":"said","payload":"two"}""");

        await one.EchoAsync();
        await two.EchoAsync();
    }

    [Theory]
    [InlineData("/rooms/a%20b", "a b")]
    [InlineData("/rooms/%C3%A9", "é")]
    [InlineData("/rooms/__proto__", "__proto__")]
    [InlineData("/pairs/a/b", "a/b")]
    public async Task RoomName_IsTheRoutesValue(string path, string name)
    {
        await using TestServer server = await StartAsync();

        await using WireClient bob = await server.LinkAsync("bob", path);

        await _log.WaitFor($"made {name}");
    }

    [Fact]
    public async Task NamesInOtherCase_AreOtherRooms()
    {
        await using TestServer server = await StartAsync();

        await using WireClient upper = await server.LinkAsync("bob", "/rooms/A");
        await using WireClient lower = await server.LinkAsync("bob", "/rooms/a");
    }

    [Fact]
    public async Task EmptyRoom_IsClosedAfterTheIdleTimeoutAndMadeAnew()
    {
        await using TestServer server = await StartAsync();
        WireClient bob = await server.LinkAsync("bob", "/rooms/one");
        await server.Room.InvokeAsync(() => server.Room.Join("seat"));
        await LeaveAsync(server, bob);

        _time.Advance(Idle);
        await _log.WaitFor("disposed one");
        Assert.Equal(["made one", "closed one", "disposed one"], _log.Entries);
        Assert.Equal(["leave bob", "leave seat", "close"], server.Events.Entries[^3..]);

        await using WireClient alice = await server.ConnectAsync("/rooms/one");
        await alice.AskAsync("alice");
        await alice.ExpectAsync(Texts.Accepted, Texts.Joined("alice"), Texts.Linked("alice"));
        await alice.EchoAsync();
        Assert.Equal(2, _log.Count("made one"));
    }

    [Fact]
    public async Task RoomThatSomebodyComesBackToInTime_Stays()
    {
        await using TestServer server = await StartAsync();
        await LeaveAsync(server, await server.LinkAsync("bob", "/rooms/one"));

        _time.Advance(Idle - TimeSpan.FromMilliseconds(1));
        await using WireClient bob = await server.LinkAsync("bob", "/rooms/one");
        _time.Advance(10 * Idle);

        await bob.EchoAsync();
        Assert.Equal(["made one"], _log.Entries);
    }

    [Fact]
    public async Task RoomThatWasLeftTwice_IsIdleSinceTheSecondTime()
    {
        await using TestServer server = await StartAsync();
        await LeaveAsync(server, await server.LinkAsync("bob", "/rooms/one"));
        _time.Advance(Idle / 2);
        await LeaveAsync(server, await server.LinkAsync("bob", "/rooms/one"));

        _time.Advance(Idle - TimeSpan.FromMilliseconds(1));
        await using (await server.LinkAsync("bob", "/rooms/two"))
            Assert.Equal(["made one", "made two"], _log.Entries);
        _time.Advance(TimeSpan.FromSeconds(1)); // the watch looks as often

        await _log.WaitFor("disposed one");
    }

    [Fact]
    public async Task RoomWithAConnectionThatIsNotLinked_Stays()
    {
        await using TestServer server = await StartAsync();
        await using WireClient client = await server.ConnectAsync("/rooms/one");
        await _log.WaitFor("made one");

        _time.Advance(10 * Idle);

        await client.LinkAsync("bob");
        Assert.Equal(["made one"], _log.Entries);
    }

    [Fact]
    public async Task FixedRoom_StaysWithoutConnections()
    {
        await using TestServer server = await new TestServer
        {
            Time = _time,
            Options = options => options.Pings.Interval = TimeSpan.Zero,
        }.StartAsync();
        await LeaveAsync(server, await server.LinkAsync("bob"));

        _time.Advance(TimeSpan.FromDays(7));

        await using WireClient bob = await server.LinkAsync("bob");
        Assert.Equal(0, server.Events.Count("close"));
    }

    [Fact]
    public async Task ConnectsThatRaceWithTheIdleClose_NeverFail()
    {
        await using TestServer server = await StartAsync(TimeSpan.Zero);
        using var stop = new CancellationTokenSource();

        // The heartbeat beats as fast as it can and empty rooms close at once, so each connect may meet one that is about to.
        Task beating = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested || _log.Count("disposed one") < _log.Count("made one"))
                _time.Advance(TimeSpan.FromMilliseconds(1));
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (int i = 0; i < 100; i++)
            {
                await using WireClient client = await server.LinkAsync($"user{worker}", "/rooms/one");
                await client.SendAsync(WireFrame.OfClose(1000));
                while (await client.ReadFrameAsync() is not null)
                {
                }
            }
        }));

        await stop.CancelAsync();
        await beating.Soon();
        Assert.InRange(_log.Count("made one"), 2, 800);
    }

    [Fact]
    public async Task RoomThatCannotBeMade_Is503AndLoggedAndMayBeTriedAgain()
    {
        const int RoomFailed = 12;
        int tries = 0;
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [RoomFailed],
            Map = app => app.MapKrmx("/rooms/{room}", room =>
            {
                if (tries++ == 0)
                    throw new InvalidOperationException("no");
            }),
        }.StartAsync();

        await using (WireClient refused = await server.HandshakeAsync("/rooms/one"))
            Assert.Equal(503, refused.Status);
        Assert.Equal("no", (await server.Logs.WaitFor(RoomFailed)).Error?.Message);

        await using WireClient bob = await server.LinkAsync("bob", "/rooms/one");
    }

    private static async Task LeaveAsync(TestServer server, WireClient client)
    {
        await client.SendAsync(WireFrame.OfClose(1000));
        await client.ExpectEndAsync();
        await client.DisposeAsync();
        await server.Until(room => room.ConnectionCount == 0, "nobody is there");

        // The request ends a little after its connection.
        await Patience.Until(() => server.Requests == 0, "no request is under way");
    }

    private Task<TestServer> StartAsync(TimeSpan? idle = null) =>
        new TestServer
        {
            Time = _time,
            Build = builder => builder.Services.AddScoped(_ => new Witness(_log)),
        }.With(server => server.Map = app =>
        {
            app.MapKrmx("/rooms/{room}", room => SetUp(server, room), options =>
            {
                options.Rooms.IdleTimeout = idle ?? Idle;
                options.Pings.Interval = TimeSpan.Zero;
                options.Rooms.OpenTimeout = TimeSpan.FromDays(1);
            });
            app.MapKrmx("/pairs/{first}/{second}", room => SetUp(server, room));
        }).StartAsync();

    private void SetUp(TestServer server, KrmxRoom room)
    {
        _log.Add($"made {room.Name}");
        room.Services.GetRequiredService<Witness>().Room = room.Name;
        room.OnMessage("say", (KrmxUser _, KrmxMessage _) => room.Broadcast("said", room.Name));
        room.OnClose(() => _log.Add($"closed {room.Name}"));
        server.SetUp(room);
    }

    private sealed class Witness(EventLog log) : IDisposable
    {
        public string Room { get; set; } = "";

        public void Dispose() => log.Add($"disposed {Room}");
    }
}

using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>Protocol section 4, lifetime: closing is graceful, and bounded.</summary>
public class CloseTests
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Shutdown_EveryUserLeavesAndHearsOfItself()
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient alice = await server.LinkAsync("alice");
        await using WireClient bob = await server.LinkAsync("bob");
        await alice.ExpectAsync(Texts.Joined("bob"), Texts.Linked("bob"));
        await using WireClient unlinked = await server.ConnectAsync();
        await using WireClient pending = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(pending, "carol");
        await server.Until(room => room.ConnectionCount == 4, "all are open");

        Task stopped = server.StopAsync();

        await alice.ExpectCloseAsync(1012, Texts.Unlinked("alice"), Texts.Left("alice"));
        await bob.ExpectCloseAsync(1012, Texts.Unlinked("bob"), Texts.Left("bob"));
        await unlinked.ExpectCloseAsync(1012);
        await pending.ExpectCloseAsync(1012);
        await asked.WaitForCancellation();
        await stopped;
        Assert.Equal(
            [
                "open", "join alice", "link alice", "join bob", "link bob",
                "unlink alice ServerClosing", "leave alice", "unlink bob ServerClosing", "leave bob", "close",
            ],
            server.Events.Entries);
        Assert.Equal(RoomStatus.Closed, server.Room.Status);
    }

    [Theory]
    [InlineData("linked")]
    [InlineData("unlinked")]
    [InlineData("refused for its query")]
    [InlineData("closed for a message that is too big")]
    public async Task Shutdown_IsBoundedWhereAPeerNeverAnswers(string peer)
    {
        await using TestServer server = await new TestServer
        {
            Time = _time,
            Build = WithoutTheHostsOwnLimit,
            Options = options =>
            {
                options.Rooms.CloseTimeout = CloseTimeout;
                options.Connections.ExpectedQuery["refused"] = QueryRule.Absent;
                options.Messages.MaxBytes = 1000;
            },
        }.StartAsync();
        await using WireClient client = await server.ConnectAsync(peer == "refused for its query" ? "/krmx?refused" : "/krmx");
        switch (peer)
        {
            case "linked":
                await client.LinkAsync("bob");
                break;
            case "unlinked":
                await server.Until(room => room.ConnectionCount == 1, "it is open");
                break;
            case "refused for its query":
                Assert.Equal(1008, (await client.ReadToEndAsync()).Code);
                break;
            default:
                await client.SendAsync(new string('x', 1001));
                Assert.Equal(1009, (await client.ReadToEndAsync()).Code);
                break;
        }

        Task stopped = server.StopAsync();
        if (peer is "linked" or "unlinked")
            Assert.Equal(1012, (await client.ReadToEndAsync()).Code);
        _time.Advance(CloseTimeout);
        await server.Events.WaitFor("close");
        await Patience.Until(() =>
        {
            _time.Advance(CloseTimeout); // a refusal is not the room's, and has a time of its own
            return stopped.IsCompleted;
        }, "it stops");

        await stopped;
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Shutdown_IsBoundedWhereAPeerReadsNothing()
    {
        await using TestServer server = await new TestServer
        {
            Time = _time,
            Build = WithoutTheHostsOwnLimit,
            Options = options =>
            {
                options.Rooms.CloseTimeout = CloseTimeout;
                options.Connections.MaxQueuedBytes = 64 * 1024 * 1024;
            },
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await server.Room.InvokeAsync(() =>
        {
            for (int i = 0; i < 20; i++)
                server.Room.Broadcast("fill", new string('x', 1_000_000));
        });

        Task stopped = server.StopAsync();
        await server.Events.WaitFor("leave bob");
        await server.Room.InvokeAsync(() => { }); // the turn is over in which it was told to close
        Assert.False(stopped.IsCompleted);
        _time.Advance(CloseTimeout);

        await stopped;
    }

    [Fact]
    public async Task Shutdown_RefusesNewcomersMeanwhile()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient late = await WireClient.OpenAsync(server.Port);

        Task stopped = server.StopAsync();
        Assert.Equal(1012, (await bob.ReadToEndAsync()).Code);
        await late.SendHandshakeAsync("/krmx");

        Assert.Equal(503, late.Status);
        await bob.DisposeAsync();
        await late.DisposeAsync();
        await stopped;
    }

    [Fact]
    public async Task Shutdown_ClosesTheRoomsOfARoute()
    {
        await using TestServer server = await new TestServer().With(s => s.Map = app => app.MapKrmx("/rooms/{room}", s.SetUp)).StartAsync();
        await using WireClient alice = await server.LinkAsync("alice", "/rooms/a");
        await using WireClient bob = await server.LinkAsync("bob", "/rooms/b");

        Task stopped = server.StopAsync();

        await alice.ExpectCloseAsync(1012, Texts.Unlinked("alice"), Texts.Left("alice"));
        await bob.ExpectCloseAsync(1012, Texts.Unlinked("bob"), Texts.Left("bob"));
        await stopped;
        Assert.Equal(2, server.Events.Count("close"));
    }

    [Fact]
    public async Task CallsAfterClose_AreRefused()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await server.StopAsync();

        KrmxException error = await Assert.ThrowsAsync<KrmxException>(
            () => server.Room.InvokeAsync(() => { server.Room.Join("bob"); })).Soon();

        Assert.Equal("cannot join a user: the room is closed", error.Message);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(4321)]
    public async Task CloseByTheClient_IsAnsweredWithItsCode(int code)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bystander = await server.LinkAsync("bystander");
        await using WireClient bob = await server.LinkAsync("bob");
        await bystander.ExpectAsync(Texts.Joined("bob"), Texts.Linked("bob"));

        await bob.SendAsync(WireFrame.OfClose(code, "bye"));

        (List<string> texts, int? answer) = await bob.ReadToEndAsync();
        Assert.Empty(texts);
        Assert.Equal(code, answer);
        await bob.ExpectEndAsync();
        await bystander.ExpectAsync(Texts.Unlinked("bob"));
        await server.Events.WaitFor("unlink bob ConnectionClosed");
    }

    [Fact]
    public async Task CloseByTheClientAmongBroadcasts_IsAnsweredAfterWholeFrames()
    {
        await using TestServer server = await new TestServer
        {
            // However late a busy machine reads, nobody is too slow or too late.
            Options = options => (options.Connections.MaxQueuedBytes, options.Rooms.CloseTimeout) = (256 * 1024 * 1024, Patience.Limit),
        }.StartAsync();
        using var stop = new CancellationTokenSource();
        Task broadcasting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && server.Room.Status == RoomStatus.Open)
                await server.Room.InvokeAsync(() => server.Room.Broadcast("tick", new string('x', 3000)));
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            for (int i = 0; i < 200; i++)
            {
                await using WireClient client = await server.LinkAsync($"user{worker}.{i}");
                await client.SendAsync(WireFrame.OfClose(1000));
                int? code = (await client.ReadToEndAsync()).Code;
                Assert.True(code == 1000, $"closed with {code}; {server.Metrics.Total("krmx.evictions", nameof(UnlinkReason.TooSlow))} were too slow");
            }
        }));

        await stop.CancelAsync();
        await broadcasting.Soon();
    }

    [Fact]
    public async Task MessagesBeforeTheClose_AreHandled()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.ConnectAsync();

        await bob.SendAsync(
        [
            WireFrame.OfText(WireClient.LinkText("bob")),
            .. Enumerable.Repeat(WireFrame.OfText("""{"type":"a"}"""), 100),
            WireFrame.OfClose(1000),
        ]);

        await server.Events.WaitFor("unlink bob ConnectionClosed");
        Assert.Equal(100, server.Events.Count("message bob a"));
    }

    /// <summary>The host gives up after 30 seconds by default, and must not be what ends a test's server.</summary>
    private static void WithoutTheHostsOwnLimit(WebApplicationBuilder builder) =>
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
}

using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>Limits of number and rate, one below them, at them, and one beyond.</summary>
public class LimitTests
{
    private const string Say = """{"type":"echo","payload":1}""";

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<RefusalReason> _refusals = [];

    [Fact]
    public async Task Connections_UpToTheLimitAreServedAndTheNextIsToldToTryLater()
    {
        await using TestServer server = await StartAsync(options => options.Connections.Max = 2);
        await using WireClient first = await server.LinkAsync("first");
        await using WireClient second = await server.LinkAsync("second");

        await using (WireClient third = await server.ConnectAsync())
            await third.ExpectCloseAsync(1013);

        Assert.Equal([RefusalReason.TooManyConnections], _refusals);
        await server.Metrics.WaitFor("krmx.refusals", 1, nameof(RefusalReason.TooManyConnections));
        await second.EchoAsync();
        await second.DisposeAsync();
        await IsServedAsync(server, "third");
    }

    [Fact]
    public async Task UnlinkedConnections_UpToTheLimitAreServedAndTheNextIsToldToTryLater()
    {
        await using TestServer server = await StartAsync(options => options.Connections.MaxUnlinked = 2);
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient first = await server.ConnectAsync();
        await using WireClient second = await server.ConnectAsync();

        await using (WireClient third = await server.ConnectAsync())
            await third.ExpectCloseAsync(1013);

        Assert.Equal([RefusalReason.TooManyUnlinkedConnections], _refusals);
        await second.LinkAsync("second");
        await using WireClient fourth = await server.ConnectAsync();
        await fourth.AskAsync("bob");
        bob.AnswersPings = true;
        await bob.SkipToPingAsync();
        await fourth.ExpectAsync("""{"type":"krmx/rejected","payload":{"reason":"user bob is already linked to a connection"}}""");
    }

    [Fact]
    public async Task UnlinkedConnections_ThatLinkedOnceCountAgainAndAreNeverClosedForIt()
    {
        await using TestServer server = await StartAsync(options => options.Connections.MaxUnlinked = 1);
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient alice = await server.LinkAsync("alice");
        foreach (WireClient client in (WireClient[])[bob, alice])
            await client.SendAsync("""{"type":"krmx/unlink"}""");
        await server.Until(room => room.LinkedCount == 0, "both are unlinked");

        await using (WireClient third = await server.ConnectAsync())
            await third.ExpectCloseAsync(1013);

        await bob.AskAsync("bob");
        await alice.AskAsync("alice");
        await server.Until(room => room.LinkedCount == 2, "both are linked again");
        await IsServedAsync(server, "third");
    }

    [Fact]
    public async Task Connections_ThatCameAndWentHowsoeverCountForNothing()
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.Connections.Max = 3;
            options.Connections.MaxUnlinked = 2;
        });
        for (int i = 0; i < 20; i++)
        {
            await using WireClient client = i % 2 == 0 ? await server.LinkAsync($"user{i}") : await server.ConnectAsync();
            if (i % 3 == 0)
                client.Reset();
            else
                await client.DisposeAsync();
            await Patience.Until(() => server.Requests == 0, "the connection is gone");
        }

        await using WireClient first = await server.LinkAsync("first");
        await using WireClient second = await server.LinkAsync("second");
        await using WireClient third = await server.LinkAsync("third");

        Assert.Empty(_refusals);
    }

    [Fact]
    public async Task Rooms_UpToTheLimitAreMadeAndOthersAreNot()
    {
        await using TestServer server = await new TestServer()
            .With(server => server.Map = app => app.MapKrmx("/rooms/{room}", server.SetUp, options =>
            {
                options.Rooms.Max = 2;
                options.Connections.OnRefused = refusal => _refusals.Enqueue(refusal.Reason);
            }))
            .StartAsync();
        await using WireClient one = await server.LinkAsync("bob", "/rooms/one");
        await using WireClient two = await server.LinkAsync("bob", "/rooms/two");

        await using (WireClient three = await server.ConnectAsync("/rooms/three"))
            await three.ExpectCloseAsync(1013);

        Assert.Equal([RefusalReason.TooManyRooms], _refusals);
        await using WireClient other = await server.LinkAsync("alice", "/rooms/one");
        await two.EchoAsync();
    }

    [Fact]
    public async Task Messages_BeyondBurstAndRateCloseTheConnectionAlone()
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.Messages.MaxBurst = 5;
            options.Messages.MaxPerSecond = 2;
        });
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient alice = await server.LinkAsync("alice");
        await bob.ExpectAsync(Texts.Joined("alice"), Texts.Linked("alice"));

        // The link was the first of five; half a second gives one back.
        for (int i = 0; i < 4; i++)
            await bob.EchoAsync();
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await bob.EchoAsync();
        await bob.SendAsync(Say);

        await bob.ExpectCloseAsync(1008);
        await alice.ExpectAsync(Texts.Unlinked("bob"));
        await server.Events.WaitFor("unlink bob RateExceeded");
        await server.Metrics.WaitFor("krmx.evictions", 1, nameof(UnlinkReason.RateExceeded));
        await alice.EchoAsync();
    }

    [Fact]
    public async Task Messages_AtTheRateGoOnForever()
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.Messages.MaxBurst = 2;
            options.Messages.MaxPerSecond = 4;
        });
        await using WireClient bob = await server.LinkAsync("bob");

        for (int i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.25));
            await bob.EchoAsync();
        }
    }

    [Fact]
    public async Task Messages_WithoutALimitAreAllTaken()
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.Messages.MaxBurst = 1;
            options.Messages.MaxPerSecond = 0;
        });
        await using WireClient bob = await server.LinkAsync("bob");

        for (int i = 0; i < 20; i++)
            await bob.EchoAsync();
    }

    [Fact]
    public async Task LinkRequests_BeyondBurstAndRateCloseTheConnection()
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.Messages.MaxLinkBurst = 3;
            options.Messages.MaxLinksPerSecond = 1;
        });
        await using WireClient stranger = await server.ConnectAsync();
        for (int i = 0; i < 3; i++)
            await IsRejectedAsync(stranger);
        _time.Advance(TimeSpan.FromSeconds(1));
        await IsRejectedAsync(stranger);

        await stranger.AskAsync("bob", version: "9.9.9");

        await stranger.ExpectCloseAsync(1008);
        await server.Metrics.WaitFor("krmx.evictions", 1, nameof(UnlinkReason.RateExceeded));
        await IsServedAsync(server, "bob");
    }

    [Theory]
    [InlineData(true, "wrong password")]
    [InlineData(false, "user bob is already linked to a connection")]
    public async Task LinkedUser_IsToldOfToStrangersOnlyWhereTheyNeedNotAuthenticateFirst(bool authenticateFirst, string reason)
    {
        await using TestServer server = await StartWithPasswordAsync(authenticateFirst);
        await using WireClient bob = await (await server.ConnectAsync()).LinkAsync("bob", "secret");
        await using WireClient stranger = await server.ConnectAsync();

        await stranger.AskAsync("bob", "guess");

        await stranger.ExpectAsync($$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""");
        await stranger.AskAsync("bob", "secret");
        await stranger.ExpectAsync("""{"type":"krmx/rejected","payload":{"reason":"user bob is already linked to a connection"}}""");
    }

    [Theory]
    [InlineData(true, "wrong password")]
    [InlineData(false, "server is not accepting new users")]
    public async Task UnknownUser_IsToldOfToStrangersOnlyWhereTheyNeedNotAuthenticateFirst(bool authenticateFirst, string reason)
    {
        await using TestServer server = await StartWithPasswordAsync(authenticateFirst);
        await server.Room.InvokeAsync(() => server.Room.AcceptsNewUsers = false);
        await using WireClient stranger = await server.ConnectAsync();

        await stranger.AskAsync("bob", "guess");

        await stranger.ExpectAsync($$$"""{"type":"krmx/rejected","payload":{"reason":"{{{reason}}}"}}""");
        await stranger.AskAsync("bob", "secret");
        await stranger.ExpectAsync("""{"type":"krmx/rejected","payload":{"reason":"server is not accepting new users"}}""");
    }

    [Fact]
    public async Task RateLimiterOfTheFramework_RefusesConnections()
    {
        await using TestServer server = await new TestServer
        {
            Build = builder => builder.Services.AddRateLimiter(limiter => limiter.AddPolicy("connections", context =>
                RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress, _ => new() { PermitLimit = 2, Window = TimeSpan.FromHours(1) }))),
        }.With(server => server.Map = app =>
        {
            app.UseRateLimiter();
            app.MapKrmx("/krmx", server.SetUp).RequireRateLimiting("connections");
        }).StartAsync();
        await using WireClient first = await server.LinkAsync("first");
        await using WireClient second = await server.LinkAsync("second");

        await using WireClient third = await server.HandshakeAsync();

        Assert.Equal(503, third.Status);
        await second.EchoAsync();
    }

    [Fact]
    public async Task RefusalListener_ThatThrowsIsLoggedAndChangesNothing()
    {
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [16],
            Options = options =>
            {
                options.Connections.Max = 1;
                options.Connections.OnRefused = _ => throw new InvalidOperationException("of the application");
            },
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient alice = await server.ConnectAsync();

        await alice.ExpectCloseAsync(1013);

        await bob.EchoAsync();
    }

    private Task<TestServer> StartAsync(Action<KrmxOptions> set) =>
        new TestServer
        {
            Time = _time,
            Options = options =>
            {
                set(options);
                options.Connections.OnRefused = refusal => _refusals.Enqueue(refusal.Reason);
            },
        }.StartAsync();

    private static Task<TestServer> StartWithPasswordAsync(bool authenticateFirst) =>
        new TestServer
        {
            Options = options => (options.Links.AuthenticateFirst, options.Links.Conflict) = (authenticateFirst, LinkConflict.Reject),
            Configure = room => room.OnAuthenticate(link => link.Auth == "secret" ? LinkResult.Accept : LinkResult.Reject("wrong password")),
        }.StartAsync();

    private static async Task IsRejectedAsync(WireClient client)
    {
        await client.AskAsync("bob", version: "9.9.9");
        Assert.Contains("krmx/rejected", await client.ReadTextAsync(), StringComparison.Ordinal);
    }

    /// <summary>A slot is free when the server has noticed that a connection ended.</summary>
    private static Task IsServedAsync(TestServer server, string username) => Patience.Until(async () =>
    {
        await using WireClient client = await server.ConnectAsync();
        await client.AskAsync(username);
        return (await client.ReadFrameAsync())?.Opcode == WireFrame.TextOpcode;
    }, "there is room again");
}

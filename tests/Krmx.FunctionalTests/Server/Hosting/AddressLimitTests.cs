using System.Collections.Concurrent;
using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>What the connections of one address may take. The tests' clients say in a header where they come from.</summary>
public class AddressLimitTests
{
    private const string Here = "192.0.2.1";

    private readonly ConcurrentQueue<RefusalReason> _refusals = [];

    [Theory]
    [InlineData(Here, Here, true)]
    [InlineData(Here, "192.0.2.2", false)]
    [InlineData(Here, "::ffff:" + Here, true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1:2:3", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("::c000:201", Here, false)]
    public async Task UnlinkedConnections_AreLimitedByAddress(string one, string other, bool isSame)
    {
        await using TestServer server = await StartAsync(options => options.Connections.MaxUnlinkedPerAddress = 1);
        await using WireClient first = await ConnectAsync(server, one);

        await using WireClient second = await ConnectAsync(server, other);

        if (isSame)
            await second.ExpectCloseAsync(1013);
        else
            await second.LinkAsync("bob");
        Assert.Equal(isSame ? [RefusalReason.TooManyUnlinkedFromAddress] : [], _refusals);
    }

    [Fact]
    public async Task ConnectionsThatLink_MakeRoomForOthers()
    {
        await using TestServer server = await StartAsync(options => options.Connections.MaxUnlinkedPerAddress = 1);
        await using WireClient bob = await (await ConnectAsync(server)).LinkAsync("bob");
        await using WireClient alice = await (await ConnectAsync(server)).LinkAsync("alice");
        foreach (WireClient client in (WireClient[])[bob, alice])
            await client.SendAsync("""{"type":"krmx/unlink"}""");
        await server.Until(room => room.LinkedCount == 0, "both are unlinked, and neither is closed for it");

        await using (WireClient third = await ConnectAsync(server))
            await third.ExpectCloseAsync(1013);

        await bob.AskAsync("bob");
        await alice.AskAsync("alice");
        await server.Until(room => room.LinkedCount == 2, "both are linked again");
        await using WireClient fourth = await (await ConnectAsync(server)).LinkAsync("carol");
    }

    [Fact]
    public async Task Rooms_AreLimitedByAddress()
    {
        await using TestServer server = await StartAsync(options => options.Connections.MaxRoomsPerAddress = 2);
        await using WireClient one = await ConnectAsync(server, Here, "/rooms/one");
        await using WireClient oneAgain = await ConnectAsync(server, Here, "/rooms/one");
        await using WireClient two = await ConnectAsync(server, Here, "/rooms/two");

        await using (WireClient three = await ConnectAsync(server, Here, "/rooms/three"))
            await three.ExpectCloseAsync(1013);

        Assert.Equal([RefusalReason.TooManyRoomsFromAddress], _refusals);
        await using WireClient twoAgain = await ConnectAsync(server, Here, "/rooms/two");
        await using WireClient neighbour = await ConnectAsync(server, "192.0.2.2", "/rooms/three");
        foreach (WireClient client in (WireClient[])[two, twoAgain, neighbour])
            await (await client.LinkAsync($"user{client.GetHashCode()}")).EchoAsync();
        await one.DisposeAsync();
        await oneAgain.DisposeAsync();
        await Patience.Until(async () =>
        {
            await using WireClient client = await ConnectAsync(server, Here, "/rooms/three");
            await client.AskAsync("bob");
            return (await client.ReadFrameAsync())?.Opcode == WireFrame.TextOpcode;
        }, "the first room counts no longer");
    }

    [Fact]
    public async Task ConnectionsThatCameAndWentHowsoever_CountForNothing()
    {
        await using TestServer server = await StartAsync(options =>
        {
            options.Rooms.Max = 2;
            options.Connections.MaxUnlinkedPerAddress = 2;
            options.Connections.MaxRoomsPerAddress = 1;
        });
        await using WireClient full = await ConnectAsync(server, "192.0.2.2", "/rooms/full");
        for (int i = 0; i < 24; i++)
        {
            await using WireClient client = await ConnectAsync(server, Here, $"/rooms/{i}");
            if (i % 2 == 0)
                await client.LinkAsync($"user{i}");
            if (i % 4 == 0)
            {
                await client.SendAsync("""{"type":"krmx/unlink"}""");
                await client.ExpectAsync(Texts.Unlinked($"user{i}"));
            }
            if (i % 3 == 0)
                client.Reset();
            if (i % 6 == 1)
            {
                await using WireClient other = await ConnectAsync(server, Here, "/rooms/other");
                await other.ExpectCloseAsync(1013);
                await using WireClient tooMany = await ConnectAsync(server, "192.0.2.3", "/rooms/tooMany");
                await tooMany.ExpectCloseAsync(1013);
            }
            await client.DisposeAsync();
            await Patience.Until(() => server.Requests == 1, "the connection is gone");
        }
        _refusals.Clear();

        await using WireClient first = await ConnectAsync(server, Here, "/rooms/last");
        await using WireClient second = await ConnectAsync(server, Here, "/rooms/last");
        await first.LinkAsync("first");
        await second.LinkAsync("second");

        Assert.Empty(_refusals);
    }

    private static Task<WireClient> ConnectAsync(TestServer server, string address = Here, string target = "/rooms/one") =>
        server.ConnectAsync(target, $"X-From: {address}");

    private Task<TestServer> StartAsync(Action<KrmxOptions> set) =>
        new TestServer().With(server => server.Map = app =>
        {
            app.Use((HttpContext context, RequestDelegate next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers["X-From"].ToString());
                return next(context);
            });
            app.MapKrmx("/rooms/{room}", server.SetUp, options =>
            {
                set(options);
                options.Connections.OnRefused = refusal => _refusals.Enqueue(refusal.Reason);
            });
        }).StartAsync();
}

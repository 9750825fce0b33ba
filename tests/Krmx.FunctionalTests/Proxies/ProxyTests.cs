using System.Net;
using System.Net.WebSockets;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;

namespace Krmx.FunctionalTests.Proxies;

/// <summary>Clients over <c>wss</c>, through the proxies of docs/operations.md, to a server without TLS.</summary>
public sealed class ProxyTests
{
    public static TheoryData<string> Proxies => ["nginx", "haproxy"];

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Clients_SeeEachOtherAndExchangeMessages(string name)
    {
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnMessage("say", (KrmxUser user, KrmxMessage message) => room.BroadcastExcept(user.Name, message)),
        }.StartAsync();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, server.Port);
        await using var alice = new KrmxClient(proxy.Trusting(Expect.Hasty));
        await using var bob = new KrmxClient(proxy.Trusting(Expect.Hasty));
        var heard = new TaskCompletionSource<string>();
        alice.OnMessage<string>("say", heard.SetResult);
        await LinkAsync(alice, proxy, "alice");
        await LinkAsync(bob, proxy, "bob");

        await bob.SendAsync("say", "hello");
        Assert.Equal("hello", await heard.Task.Soon());
        await Patience.Until(() => alice.Users.Contains(new ClientUser("bob", true)), "alice sees bob");
        await bob.UnlinkAsync().Soon();
        await Patience.Until(() => alice.Users.Contains(new ClientUser("bob", false)), "alice sees that bob is away");
        await bob.LinkAsync("bob").Soon();
        await bob.LeaveAsync().Soon();
        await Patience.Until(() => alice.Users.Count == 1, "alice sees that bob left");
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task LargestMessage_PassesBothWays_AndALargerOneIsClosedWith1009(string name)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, server.Port);
        await using var bob = new KrmxClient(proxy.Trusting(Expect.Hasty));
        var echoed = new TaskCompletionSource<string>();
        bob.OnMessage<string>("echo", echoed.SetResult);
        await LinkAsync(bob, proxy, "bob");
        string largest = new('x', (64 * 1024) - """{"type":"echo","payload":""}""".Length);

        await bob.SendAsync("echo", largest);
        Assert.Equal(largest, await echoed.Task.Soon());
        await bob.SendAsync("echo", largest + "x");

        await Patience.Until(() => bob.Status == ClientStatus.Disconnected, "disconnected");
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, bob.LastClose!.Status);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task IdleConnection_OutlivesTheProxysTimeoutBecauseOfPings(string name)
    {
        KrmxClientOptions withoutPings = Expect.HastyWith(static options => options.KeepAlive.Interval = TimeSpan.Zero);
        await using TestServer server = await new TestServer().With(server => server.Map = app =>
        {
            app.MapKrmx("/silent", server.SetUp, options => options.Pings.Interval = TimeSpan.Zero);
            app.MapKrmx("/pinged", server.SetUp, options => options.Pings.Interval = TimeSpan.FromMilliseconds(200));
        }).StartAsync();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, server.Port, idleTimeout: "2s");
        await using var pinged = new KrmxClient(proxy.Trusting(withoutPings));
        await using var silent = new KrmxClient(proxy.Trusting(withoutPings));
        await LinkAsync(pinged, proxy, "pinged", "/pinged");
        await LinkAsync(silent, proxy, "silent", "/silent");

        await server.Events.WaitFor("unlink silent ConnectionClosed", times: 2);

        Assert.DoesNotContain(server.Events.Entries, entry => entry.StartsWith("unlink pinged", StringComparison.Ordinal));
        Assert.Equal((ClientStatus.Linked, null), (pinged.Status, pinged.LastClose));
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task ServerThatStops_ClosesCleanly(string name)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, server.Port);
        await using var bob = new KrmxClient(proxy.Trusting(Expect.HastyWith(static options => options.Reconnect.Enabled = false)));
        await LinkAsync(bob, proxy, "bob");

        await server.StopAsync();

        await Patience.Until(() => bob.Status == ClientStatus.Disconnected, "disconnected");
        Assert.Equal(((WebSocketCloseStatus)1012, "server is closing"), (bob.LastClose!.Status!.Value, bob.LastClose.Reason));
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task ProxyThatIsKilled_GetsItsClientsBack(string name)
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, server.Port);
        await using var alice = new KrmxClient(proxy.Trusting(Expect.Hasty));
        await using var bob = new KrmxClient(proxy.Trusting(Expect.Hasty));
        await LinkAsync(alice, proxy, "alice");
        await LinkAsync(bob, proxy, "bob");

        await proxy.KillAsync();
        await server.Events.WaitFor("unlink alice ConnectionClosed");
        await server.Events.WaitFor("unlink bob ConnectionClosed");
        await proxy.StartAsync();

        await server.Events.WaitFor("link alice", times: 2);
        await server.Events.WaitFor("link bob", times: 2);
        Assert.DoesNotContain(server.Events.Entries, entry => entry.StartsWith("leave", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task HostThatStartsAgain_GetsItsClientsBack_AsNewUsers(string name)
    {
        var events = new EventLog();
        int port = ServerProcess.FreePort();
        await using var host = new KrmxServer(events.Attach);
        await host.ListenAsync(port).Soon();
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, port);
        await using var bob = new KrmxClient(proxy.Trusting(Expect.Hasty));
        await LinkAsync(bob, proxy, "bob", "/");

        await host.CloseAsync().Soon();
        await Patience.Until(() => bob.LastClose is not null, "bob has lost the server");
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, bob.LastClose!.Status);
        await host.ListenAsync(port).Soon();

        await events.WaitFor("link bob", times: 2);
        Assert.Equal((2, 1), (events.Count("join bob"), events.Count("leave bob")));
    }

    [Theory]
    [InlineData("nginx", HttpStatusCode.BadGateway)]
    [InlineData("haproxy", HttpStatusCode.ServiceUnavailable)]
    public async Task ProxyWithoutItsServer_AnswersWithAStatus(string name, HttpStatusCode status)
    {
        await using ReverseProxy proxy = await ReverseProxy.StartAsync(name, ServerProcess.FreePort());
        await using var bob = new KrmxClient(proxy.Trusting(Expect.Hasty));

        var error = await Assert.ThrowsAsync<KrmxDisconnectedException>(() => bob.ConnectAsync(proxy.Url()).Soon());

        Assert.Equal(status, error.HttpStatus);
    }

    private static async Task LinkAsync(KrmxClient client, ReverseProxy proxy, string username, string path = "/krmx")
    {
        await client.ConnectAsync(proxy.Url(path)).Soon();
        await client.LinkAsync(username).Soon();
    }
}

using System.Net;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Hosting;

public class LinkRequestTests
{
    [Fact]
    public async Task LinkRequest_HoldsTheRequestAndTheConnection()
    {
        LinkRequest? seen = null;
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnAuthenticate(link =>
            {
                seen = link;
                return LinkResult.Accept;
            }),
        }.StartAsync();
        await using WireClient bob = await server.ConnectAsync("/krmx?a=1&b=x%20y&a=2", "X-Test: one", "X-Test: two");

        await bob.AskAsync("bob", "secret", "0.5.7");
        await bob.ExpectAsync(Texts.Accepted);

        Assert.NotNull(seen);
        Assert.Equal(("bob", "secret", true, new ProtocolVersion(0, 5, 7)), (seen.Username, seen.Auth, seen.IsNewUser, seen.Version));
        Assert.Equal(("1,2", "x y"), (seen.Connection.Query["A"], seen.Connection.Query["b"]));
        Assert.Equal("one, two", seen.Connection.Headers["x-test"].Replace(",", ", ").Replace("  ", " "));
        Assert.Equal(IPAddress.Loopback, seen.Connection.RemoteAddress);
        Assert.False(seen.Connection.Principal.Identity?.IsAuthenticated);
    }

    [Fact]
    public async Task LinkRequest_OutlivesItsConnection()
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        WireClient bob = await server.ConnectAsync("/krmx?token=7");
        Gate.Asked asked = await gate.AskAsync(bob, "bob");

        bob.Reset();
        await asked.WaitForCancellation();

        Assert.Equal("7", asked.Link.Connection.Query["token"]);
    }

    [Fact]
    public async Task LinkOfAConnectionThatHasGoneAlready_IsAskedOfNobody()
    {
        using var blocked = new ManualResetEventSlim();
        int asked = 0;
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnAuthenticate(link =>
            {
                Interlocked.Increment(ref asked);
                return LinkResult.Accept;
            }),
        }.StartAsync();
        WireClient[] clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.ConnectAsync($"/krmx?name=user{i}")));

        // While a turn blocks the room, every client asks and goes; its request is over before its frame is handled.
        server.Room.Post(blocked.Wait);
        for (int i = 0; i < clients.Length; i++)
        {
            await clients[i].AskAsync($"user{i}");
            await clients[i].SendAsync(WireFrame.OfClose(1000));
            await clients[i].ExpectEndAsync();
        }
        blocked.Set();

        await server.Until(room => room.ConnectionCount == 0, "all have gone");
        Assert.Equal(0, asked);
    }
}

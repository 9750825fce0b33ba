using System.Text;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Hosting;

public class MetricsTests
{
    [Fact]
    public async Task ConnectionsUsersAndRooms_AreCountedUpAndDown()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await server.Metrics.WaitFor("krmx.rooms", 1);
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient alice = await server.LinkAsync("alice");
        await using WireClient nobody = await server.ConnectAsync();

        await server.Metrics.WaitFor("krmx.connections", 3);
        await server.Metrics.WaitFor("krmx.users.linked", 2);
        await bob.SendAsync("""{"type":"krmx/unlink"}""");
        await server.Metrics.WaitFor("krmx.users.linked", 1);
        nobody.Reset();
        await server.Metrics.WaitFor("krmx.connections", 2);

        await bob.DisposeAsync();
        await alice.DisposeAsync();
        await server.StopAsync();
        await server.Metrics.WaitFor("krmx.connections", 0);
        await server.Metrics.WaitFor("krmx.users.linked", 0);
        await server.Metrics.WaitFor("krmx.rooms", 0);
    }

    [Fact]
    public async Task FramesAndBytes_AreCountedBothWays()
    {
        await using TestServer server = await new TestServer().StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");
        string large = $"\"{new string('x', 1000)}\"";
        await bob.EchoAsync(large);

        string[] received = [WireClient.LinkText("bob"), $$"""{"type":"echo","payload":{{large}}}"""];
        string[] sent = [Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"), received[1]];
        await server.Metrics.WaitFor("krmx.frames.received", received.Length);
        await server.Metrics.WaitFor("krmx.bytes.received", received.Sum(Encoding.UTF8.GetByteCount));
        await server.Metrics.WaitFor("krmx.frames.sent", sent.Length);

        // A head of two bytes each; four for the large one.
        await server.Metrics.WaitFor("krmx.bytes.sent", sent.Sum(text => Encoding.UTF8.GetByteCount(text) + 2) + 2);
        Assert.True(server.Metrics.Count("krmx.turn.duration") > 0);
        Assert.InRange(server.Metrics.Total("krmx.turn.duration"), double.Epsilon, Patience.Limit.TotalSeconds);
    }

    [Fact]
    public async Task Rejections_AreCountedByKind()
    {
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnAuthenticate(_ => LinkResult.Reject("a reason of the application's own")),
        }.StartAsync();
        await using WireClient client = await server.ConnectAsync();

        await client.SendAsync("x");
        await client.SendAsync("x");
        await client.SendAsync("""{"type":"x"}""");
        await client.SendAsync("""{"type":"krmx/link"}""");
        await client.AskAsync("bob", version: "9.9.9");
        await client.AskAsync("?");
        await client.AskAsync("bob");

        await server.Metrics.WaitFor("krmx.rejections", 2, nameof(Krmx.Rooms.RejectionKind.InvalidMessage));
        string[] once = ["UnlinkedConnection", "InvalidLinkRequest", "VersionMismatch", "InvalidUsername", "Authentication"];
        foreach (string kind in once)
            await server.Metrics.WaitFor("krmx.rejections", 1, kind);
    }

    [Fact]
    public async Task Evictions_AreCountedByReason()
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer
        {
            Configure = gate.Attach,
            Options = options => (options.MaxMessageBytes, options.MaxQueuedBytes) = (1000, 1024),
        }.StartAsync();
        await using WireClient tooBig = await server.ConnectAsync();
        await tooBig.SendAsync(new string('x', 1001));
        await tooBig.ExpectCloseAsync(1009);
        await server.Metrics.WaitFor("krmx.evictions", 1, nameof(UnlinkReason.ProtocolViolation));

        await using WireClient impatient = await server.ConnectAsync();
        await impatient.AskAsync("bob", "wait");
        await gate.NextAsync();
        await impatient.SendAsync([.. Enumerable.Repeat(WireFrame.OfText("""{"type":"x"}"""), 33)]);
        await impatient.ExpectCloseAsync(1008);
        await server.Metrics.WaitFor("krmx.evictions", 2, nameof(UnlinkReason.ProtocolViolation));

        await using WireClient slow = await server.LinkAsync("slow");
        await server.Room.InvokeAsync(() => server.Room.Send("slow", "fill", new string('x', 2000)));
        await server.Metrics.WaitFor("krmx.evictions", 1, nameof(UnlinkReason.TooSlow));

        await using WireClient wellBehaved = await server.LinkAsync("alice");
        await wellBehaved.SendAsync(WireFrame.OfClose(1000));
        await wellBehaved.ExpectEndAsync();
        await server.Metrics.WaitFor("krmx.connections", 0);
        Assert.Equal(0, server.Metrics.Total("krmx.evictions", nameof(UnlinkReason.ConnectionClosed)));
    }
}

using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 5: what a connection sends while its link is decided waits, in order and up to a limit.</summary>
public class PendingFrameTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("wait")]
    public async Task LinkAndMessagesInOneWrite_AreHandledInOrder(string? auth)
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();

        await bob.SendAsync(
            WireFrame.OfText(WireClient.LinkText("bob", auth)),
            WireFrame.OfText("""{"type":"echo","payload":1}"""),
            WireFrame.OfText("""{"type":"echo","payload":2}"""),
            WireFrame.OfText("""{"type":"krmx/leave"}"""),
            WireFrame.OfText("""{"type":"echo","payload":3}"""));
        if (auth is not null)
            (await gate.NextAsync()).Accept();

        await bob.ExpectAsync(
            Texts.Accepted,
            Texts.Joined("bob"),
            Texts.Linked("bob"),
            """{"type":"echo","payload":1}""",
            """{"type":"echo","payload":2}""",
            Texts.Unlinked("bob"),
            Texts.Left("bob"),
            Texts.Rejected("unlinked connection"));
    }

    [Fact]
    public async Task SecondLinkWhilePending_WaitsForTheFirst()
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient client = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(client, "bob");
        await client.AskAsync("alice");

        asked.Reject("no");

        await client.ExpectAsync(Texts.Rejected("no"), Texts.Accepted, Texts.Joined("alice"), Texts.Linked("alice"));
        Assert.Equal(["open", "join alice", "link alice"], server.Events.Entries);
    }

    [Theory]
    [InlineData(32, 20)]
    [InlineData(1, 64 * 1024)]
    [InlineData(2, 32 * 1024)]
    public async Task AsMuchAsMayWait_IsHandled(int frames, int bytesEach)
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(bob, "bob");

        await bob.SendAsync([.. Enumerable.Repeat(Message(bytesEach), frames)]);
        await bob.PingAsync();
        asked.Accept();

        await bob.ExpectAsync(Texts.Accepted, Texts.Joined("bob"), Texts.Linked("bob"));
        await server.Events.WaitFor("message bob fill", frames);
        await bob.EchoAsync();
    }

    [Theory]
    [InlineData(33, 20)]
    [InlineData(3, 32 * 1024)]
    public async Task MoreThanMayWait_ClosesWith1008(int frames, int bytesEach)
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(bob, "bob");

        await bob.SendAsync([.. Enumerable.Repeat(Message(bytesEach), frames)]);

        await bob.ExpectCloseAsync(1008);
        await asked.WaitForCancellation();
        asked.Accept();
        await server.Until(room => room.ConnectionCount == 0, "the connection is gone");
        Assert.Equal(["open"], server.Events.Entries);
    }

    private static WireFrame Message(int bytes)
    {
        const string Head = """{"type":"fill""";
        return WireFrame.OfText(Head + "\"" + new string(' ', bytes - Head.Length - 2) + "}");
    }
}

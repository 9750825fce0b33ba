using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 8: the policies that do not ask whether the user's connection is alive.</summary>
public class LinkConflictTests
{
    [Fact]
    public async Task Replace_MovesTheUserAndKeepsTheOldConnectionOpen()
    {
        await using TestServer server = await StartAsync(LinkConflict.Replace);
        await using WireClient alice = await server.LinkAsync("alice");
        await using WireClient old = await server.LinkAsync("bob");
        await alice.ExpectAsync(Texts.Joined("bob"), Texts.Linked("bob"));

        await using WireClient fresh = await server.ConnectAsync();
        await fresh.AskAsync("bob");

        await fresh.ExpectAsync(
            Texts.Accepted, Texts.Joined("alice"), Texts.Linked("alice"), Texts.Joined("bob"), Texts.Linked("bob"));
        await alice.ExpectAsync(Texts.Unlinked("bob"), Texts.Linked("bob"));
        await old.ExpectAsync(Texts.Unlinked("bob"));
        await fresh.EchoAsync();
        await old.LinkAsync("carol");
        await old.EchoAsync();
        Assert.Equal(
            ["link bob", "unlink bob Replaced", "link bob"],
            server.Events.Entries.Where(e => e.Contains("link bob", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reject_KeepsTheUserWhereItIs()
    {
        await using TestServer server = await StartAsync(LinkConflict.Reject);
        await using WireClient old = await server.LinkAsync("bob");
        await using WireClient fresh = await server.ConnectAsync();

        await fresh.AskAsync("bob");

        await fresh.ExpectAsync(Texts.Rejected("user bob is already linked to a connection"));
        await old.EchoAsync();
    }

    [Fact]
    public async Task ReplaceByOneWhoIsRefused_ChangesNothing()
    {
        var gate = new Gate();
        await using TestServer server = await StartAsync(LinkConflict.Replace, gate.Attach);
        await using WireClient old = await server.LinkAsync("bob");
        await using WireClient mallory = await server.ConnectAsync();
        await mallory.AskAsync("bob", "wrong");
        (await gate.NextAsync()).Reject("wrong password");

        await mallory.ExpectAsync(Texts.Rejected("wrong password"));
        await old.EchoAsync();
    }

    [Fact]
    public async Task ManyTakeOversAtOnce_LeaveOneLinked()
    {
        const int Count = 20;
        await using TestServer server = await StartAsync(LinkConflict.Replace);
        WireClient[] clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => server.ConnectAsync()));

        await Task.WhenAll(clients.Select(client => client.LinkAsync("bob")));
        await server.Events.WaitFor("link bob", Count);
        await server.Events.WaitFor("unlink bob Replaced", Count - 1);

        await server.Room.InvokeAsync(() => server.Room.Broadcast("who"));
        int served = 0;
        foreach (WireClient client in clients)
        {
            if (await client.ReadTextAsync() == """{"type":"who"}""")
                served++;
            await client.DisposeAsync();
        }
        Assert.Equal(1, served);
    }

    private static Task<TestServer> StartAsync(LinkConflict conflict, Action<KrmxRoom>? configure = null) =>
        new TestServer { Configure = configure, Options = options => options.Links.Conflict = conflict }.StartAsync();
}

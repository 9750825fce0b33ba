using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 10: listeners that call in, or throw, leave the order as it is.</summary>
public class ListenerOrderTests
{
    private const int ListenerFailed = 6;

    [Fact]
    public async Task JoinListenerThatKicks_RejectsTheNewcomer()
    {
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnJoin(user =>
            {
                if (user.Name == "mallory")
                    room.Kick(user.Name);
            }),
        }.StartAsync();
        await using WireClient bystander = await server.LinkAsync("bystander");
        await using WireClient mallory = await server.ConnectAsync();

        await mallory.AskAsync("mallory");

        await mallory.ExpectAsync(Texts.Rejected("user mallory left before the link was made"));
        await bystander.ExpectAsync(Texts.Joined("mallory"), Texts.Left("mallory"));
        await bystander.EchoAsync();
    }

    [Fact]
    public async Task ListenersThatThrow_AreLoggedAndHurtNobody()
    {
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [ListenerFailed],
            Configure = room =>
            {
                room.OnJoin(_ => throw new InvalidOperationException("join"));
                room.OnLink(_ => throw new InvalidOperationException("link"));
                room.OnMessage((KrmxUser _, KrmxMessage _) => throw new InvalidOperationException("message"));
                room.OnUnlink((KrmxUser _) => throw new InvalidOperationException("unlink"));
                room.OnLeave(_ => throw new InvalidOperationException("leave"));
                room.OnMessage("late", (KrmxUser user, KrmxMessage message) => room.Send(user.Name, message));
            },
        }.StartAsync();
        await using WireClient bob = await server.LinkAsync("bob");

        await bob.EchoAsync();
        await bob.SendAsync("""{"type":"late"}""");
        await bob.ExpectAsync("""{"type":"late"}""");
        await bob.SendAsync("""{"type":"krmx/leave"}""");
        await bob.ExpectAsync(Texts.Unlinked("bob"), Texts.Left("bob"));

        foreach (string name in (string[])["join", "link", "message", "unlink", "leave"])
            await server.Logs.WaitFor(entry => entry.EventId == ListenerFailed && entry.Error?.Message == name, $"the error of {name}");
    }

    [Fact]
    public async Task CallsInsideListeners_TakeEffectInOrder()
    {
        await using TestServer server = await new TestServer
        {
            Configure = room =>
            {
                room.OnLink(user => room.Send(user.Name, "welcome"));
                room.OnMessage("all", (KrmxUser user, KrmxMessage _) =>
                {
                    room.Broadcast("before");
                    room.Kick(user.Name);
                    room.Join("bot");
                    room.Broadcast("after");
                });
            },
        }.StartAsync();
        await using WireClient alice = await server.LinkAsync("alice");
        await alice.ExpectAsync("""{"type":"welcome"}""");
        await using WireClient bob = await server.LinkAsync("bob");
        await bob.ExpectAsync("""{"type":"welcome"}""");

        await bob.SendAsync("""{"type":"all"}""");

        await bob.ExpectAsync("""{"type":"before"}""", Texts.Unlinked("bob"), Texts.Left("bob"));
        await alice.ExpectAsync(
            Texts.Joined("bob"),
            Texts.Linked("bob"),
            """{"type":"before"}""",
            Texts.Unlinked("bob"),
            Texts.Left("bob"),
            Texts.Joined("bot"),
            """{"type":"after"}""");
        await bob.SendAsync("""{"type":"echo"}""");
        await bob.ExpectAsync(Texts.Rejected("unlinked connection"));
        Assert.Equal(["message bob all", "unlink bob Left", "leave bob", "join bot"], server.Events.Entries[^4..]);
    }
}

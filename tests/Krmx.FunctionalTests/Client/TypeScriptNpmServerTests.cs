using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;

namespace Krmx.FunctionalTests.Client;

/// <summary>The TypeScript client against the npm package's server, which speaks 0.5. Every call ends, and nothing fails unseen.</summary>
public sealed class TypeScriptNpmServerTests
{
    [Fact]
    public async Task Session_WithA05ServerGoesThroughEverythingThereIs()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");
        TypeScriptClient alice = new(node, "a"), bob = new(node, "b");
        await alice.ConnectAsync(server.Uri);
        await alice.LinkAsync("alice");
        await bob.ConnectAsync(server.Uri);
        await bob.LinkAsync("bob");
        Assert.Equal(["alice*", "bob*"], await bob.UsersAsync());

        await bob.SendAsync("chat/message", "hello");
        await alice.EventAsync("""message {"type":"chat/messaged","payload":{"username":"bob","text":"hello"}}""");
        await bob.UnlinkAsync();
        await bob.LinkAsync("bob");
        await bob.LeaveAsync();
        await alice.EventAsync("leave bob");
        Assert.Equal(["alice*"], await alice.UsersAsync());
        await bob.LinkAsync("bobby");
        await server.DoAsync("unlink", new JsonObject { ["username"] = "alice" });
        await alice.EventAsync("unlink alice");
        await alice.LinkAsync("alice");
        await server.DoAsync("kick", new JsonObject { ["username"] = "alice" });
        await alice.EventAsync("leave alice");
        Assert.Equal("connected", await alice.StatusAsync());
        await bob.EventAsync("leave alice");

        Assert.Equal(
            [
                "connect", "accept", "join alice", "link alice", "join bob", "link bob",
                """message {"type":"chat/messaged","payload":{"username":"bob","text":"hello"}}""",
                "unlink bob", "link bob", "unlink bob", "leave bob", "join bobby", "link bobby", "unlink alice",
                "accept", "join alice", "link alice", "join bobby", "link bobby", "unlink alice", "leave alice",
            ],
            alice.Events);
        await alice.DisconnectAsync();
        await bob.DisconnectAsync();
    }

    [Fact]
    public async Task Rejections_CarryTheServersReason()
    {
        await using NpmServer server = await NpmServer.StartAsync(new JsonObject { ["auth"] = "sync" });
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");
        TypeScriptClient first = new(node, "first"), second = new(node, "second");
        await first.ConnectAsync(server.Uri);
        Assert.Equal("rejected: wrong auth", await first.FailsAsync("link", new JsonObject { ["username"] = "alice", ["auth"] = "wrong" }));
        Assert.Equal("rejected: invalid username", await first.FailsAsync("link", new JsonObject { ["username"] = "a b" }));
        await first.LinkAsync("alice", "right");
        await second.ConnectAsync(server.Uri);
        Assert.Equal(
            "rejected: user alice is already linked to a connection", await second.FailsAsync("link", new JsonObject { ["username"] = "alice" }));
        Assert.Equal(["connect", "reject user alice is already linked to a connection"], second.Events);
    }

    [Fact]
    public async Task Messages_GoBothWaysAsTheyAre_AndRequestsEnd()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");
        var client = new TypeScriptClient(node, "alice");
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("alice");

        await client.SendAsync("from/client", JsonNode.Parse("""{"a":[1,null,"é😀"]}"""));
        JsonObject message = await server.EventAsync("message");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":[1,null,"é😀"]}"""), message["message"]!["payload"]), message.ToJsonString());
        await server.DoAsync("send", new JsonObject
        {
            ["to"] = "alice",
            ["message"] = new JsonObject { ["type"] = "from/server", ["payload"] = new JsonObject { ["b"] = 2 } },
        });
        await client.EventAsync("""message {"type":"from/server","payload":{"b":2}}""");

        Assert.Equal(
            "timeout: the server did not answer 'seat/take' within 50 ms",
            await client.FailsAsync("request", new JsonObject { ["type"] = "seat/take", ["payload"] = 4, ["timeout"] = 50 }));
        Task<string> request = client.FailsAsync("request", new JsonObject { ["type"] = "seat/take" });
        await client.UnlinkAsync();
        Assert.Equal("disconnected: the link ended before the server answered 'seat/take'", await request.Soon());
    }

    [Fact]
    public async Task Connection_ThatIsCutIsFollowedByALink()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using var proxy = new FaultProxy(server.Uri);
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");
        var client = new TypeScriptClient(node, "alice");
        await client.ConnectAsync(proxy.Uri);
        await client.LinkAsync("alice");
        await client.SendAsync("chat/message", "one");
        await client.EventAsync("""message {"type":"chat/messaged","payload":{"username":"alice","text":"one"}}""");
        Task<string> request = client.FailsAsync("request", new JsonObject { ["type"] = "seat/take" });
        await Patience.Until(() => node.Count("message", "alice") == 1, "the message");

        proxy.IsDown = true;
        proxy.Cut();
        await client.EventAsync("unlink alice");
        Assert.Equal("disconnected: the link ended before the server answered 'seat/take'", await request.Soon());
        Assert.Equal(
            "not-linked: cannot send 'chat/message': the client is reconnecting",
            await client.FailsAsync("send", new JsonObject { ["message"] = new JsonObject { ["type"] = "chat/message", ["payload"] = "two" } }));
        proxy.IsDown = false;
        await client.EventAsync("link alice", times: 2);
        await client.SendAsync("chat/message", "three");
        await client.EventAsync("""message {"type":"chat/messaged","payload":{"username":"alice","text":"three"}}""");

        string[] events = [.. client.Events.Where(static line => line != "connect")];
        Assert.Equal(
            [
                "accept", "join alice", "link alice", """message {"type":"chat/messaged","payload":{"username":"alice","text":"one"}}""",
                "unlink alice", "close",
                "accept", "join alice", "link alice", """message {"type":"chat/messaged","payload":{"username":"alice","text":"three"}}""",
            ],
            events);
    }
}

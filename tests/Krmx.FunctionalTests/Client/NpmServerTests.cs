using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;

namespace Krmx.FunctionalTests.Client;

/// <summary>The client against the npm package's server, which speaks 0.5.</summary>
public sealed class NpmServerTests
{
    [Fact]
    public async Task Session_WithA05ServerGoesThroughEverythingThereIs()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using var alice = new KrmxClient(Expect.Hasty);
        await using var bob = new KrmxClient(Expect.Hasty);
        var events = new List<string>();
        alice.OnReject(reason => events.Add($"reject {reason}"));
        alice.OnJoin(name => events.Add($"join {name}"));
        alice.OnLink(name => events.Add($"link {name}"));
        alice.OnUnlink(name => events.Add($"unlink {name}"));
        alice.OnLeave(name => events.Add($"leave {name}"));
        var chat = new TaskCompletionSource<string>();
        alice.OnMessage("chat/messaged", message => chat.SetResult(message.ToString()));

        await alice.ConnectAsync(server.Uri);
        await alice.LinkAsync("alice");
        await bob.ConnectAsync(server.Uri);
        await bob.LinkAsync("bob");
        await bob.SendAsync("chat/message", "hello");
        string heard = await chat.Task.Soon();
        Assert.Equal("""{"type":"chat/messaged","payload":{"username":"bob","text":"hello"}}""", heard);
        Assert.Equal([new("alice", true), new("bob", true)], bob.Users);
        await bob.UnlinkAsync();
        await bob.LinkAsync("bob");
        await bob.LeaveAsync();
        await Patience.Until(() => alice.Users.Count == 1, "bob is gone");
        await alice.UnlinkAsync();

        Assert.Equal(
            ["join alice", "link alice", "join bob", "link bob", "unlink bob", "link bob", "unlink bob", "leave bob", "unlink alice"],
            events);
    }

    [Fact]
    public async Task Rejections_CarryTheServersReason()
    {
        await using NpmServer server = await NpmServer.StartAsync(new JsonObject { ["auth"] = "sync" });
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(server.Uri);
        Assert.Equal("wrong auth", (await Expect.FailsAsync<KrmxLinkRejectedException>(client.LinkAsync("alice", "wrong"))).Reason);
        Assert.Equal("invalid username", (await Expect.FailsAsync<KrmxLinkRejectedException>(client.LinkAsync("a b"))).Reason);
        await client.LinkAsync("alice", "right");
        await using var second = new KrmxClient(Expect.Hasty);
        await second.ConnectAsync(server.Uri);
        var rejection = await Expect.FailsAsync<KrmxLinkRejectedException>(second.LinkAsync("alice"));
        Assert.Equal("user alice is already linked to a connection", rejection.Reason);
    }

    [Fact]
    public async Task Messages_GoBothWaysAsTheyAre()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        var heard = new TaskCompletionSource<KrmxMessage>();
        client.OnMessage("from/server", heard.SetResult);
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("alice");

        await client.SendAsync(KrmxMessage.FromJson("from/client", """{"a":[1,null,"é😀"]}"""u8.ToArray()));
        JsonObject message = await server.EventAsync("message");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"type":"from/client","payload":{"a":[1,null,"é😀"]}}"""), message["message"]), message.ToJsonString());

        await server.DoAsync("send", new JsonObject
        {
            ["to"] = "alice",
            ["message"] = new JsonObject { ["type"] = "from/server", ["payload"] = new JsonObject { ["b"] = 2 } },
        });
        Assert.Equal("""{"type":"from/server","payload":{"b":2}}""", (await heard.Task.Soon()).ToString());
    }

    [Fact]
    public async Task KickAndUnlinkByTheServer_LeaveTheClientConnected()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        int left = 0;
        client.OnLeave(_ => left++);
        await client.ConnectAsync(server.Uri);
        await client.LinkAsync("alice");
        await server.DoAsync("unlink", new JsonObject { ["username"] = "alice" });
        await Patience.Until(() => client.Status == ClientStatus.Connected, "unlinked");
        await client.LinkAsync("alice");
        await server.DoAsync("kick", new JsonObject { ["username"] = "alice" });
        await Patience.Until(() => Volatile.Read(ref left) == 1, "kicked");
        Assert.Equal(ClientStatus.Connected, client.Status);
    }

    [Fact]
    public async Task Server_ThatDiesAndComesBackGetsItsUserBack()
    {
        NpmServer first = await NpmServer.StartAsync();
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(first.Uri);
        await client.LinkAsync("alice");
        await first.KillAsync();
        await Patience.Until(() => client.Status == ClientStatus.Reconnecting, "lost");
        await first.DisposeAsync();

        await using NpmServer second = await NpmServer.StartAsync(new JsonObject { ["port"] = first.Uri.Port });

        await Patience.Until(() => client.Status == ClientStatus.Linked, "linked again");
        Assert.Equal("alice", client.Username);
    }

    [Fact]
    public async Task Connection_ThatIsCutIsFollowedByALinkAsWithoutSessions() => Assert.Equal(await CutAsync(resumes: false), await CutAsync(resumes: true));

    /// <summary>Cuts a client off from the server.</summary>
    /// <returns>What it was told.</returns>
    private static async Task<string[]> CutAsync(bool resumes)
    {
        await using NpmServer server = await NpmServer.StartAsync();
        await using var proxy = new FaultProxy(server.Uri);
        await using var client = new KrmxClient(Expect.HastyWith(options => options.Reconnect.Resumes = resumes));
        var events = new List<string>();
        client.OnClose(() => events.Add("close"));
        client.OnAccept(() => events.Add("accept"));
        client.OnReject(reason => events.Add($"reject {reason}"));
        client.OnRecover(() => events.Add("recover"));
        client.OnGap(gap => events.Add($"gap {gap.Unconfirmed.Count}"));
        client.OnJoin(name => events.Add($"join {name}"));
        client.OnLink(name => events.Add($"link {name}"));
        client.OnUnlink(name => events.Add($"unlink {name}"));
        client.OnLeave(name => events.Add($"leave {name}"));
        client.OnMessage("chat/messaged", message => events.Add($"{message}"));
        await client.ConnectAsync(proxy.Uri);
        await client.LinkAsync("alice");
        Assert.False(client.HasSession);
        await client.SendAsync("chat/message", "one");
        await Patience.Until(() => events.Count == 4, () => string.Join(", ", events));

        proxy.IsDown = true;
        proxy.Cut();
        await server.EventAsync("unlink");
        await Patience.Until(() => client.Status == ClientStatus.Reconnecting, "the client has noticed");
        await Expect.FailsAsync<KrmxException>(client.SendAsync("chat/message", "two"));
        proxy.IsDown = false;
        await Patience.Until(() => client.Status == ClientStatus.Linked, "linked again");
        await client.SendAsync("chat/message", "three");
        await Patience.Until(() => events[^1].Contains("three", StringComparison.Ordinal), () => string.Join(", ", events));
        Assert.Equal(
            [
                "accept", "join alice", "link alice", """{"type":"chat/messaged","payload":{"username":"alice","text":"one"}}""",
                "unlink alice", "close",
                "accept", "join alice", "link alice", """{"type":"chat/messaged","payload":{"username":"alice","text":"three"}}""",
            ],
            events);
        return [.. events];
    }
}

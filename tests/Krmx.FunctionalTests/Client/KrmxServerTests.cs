using System.Diagnostics;
using System.Net.WebSockets;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Client;

/// <summary>The client against the server of this repository.</summary>
public sealed class KrmxServerTests
{
    [Fact]
    public async Task Session_GoesThroughEverythingThereIs()
    {
        await using var host = new KrmxServer(room =>
            room.OnMessage<string>("say", (user, text) => room.Broadcast("said", $"{user.Name}: {text}")));
        Uri uri = await ListenAsync(host);
        await using var alice = new KrmxClient(Expect.Hasty);
        await using var bob = new KrmxClient(Expect.Hasty);
        var events = new List<string>();
        var said = new TaskCompletionSource<string>();
        alice.OnAccept(() => events.Add("accept"));
        alice.OnJoin(name => events.Add($"join {name}"));
        alice.OnLink(name => events.Add($"link {name}"));
        alice.OnUnlink(name => events.Add($"unlink {name}"));
        alice.OnLeave(name => events.Add($"leave {name}"));
        alice.OnMessage<string>("said", said.SetResult);

        await alice.ConnectAsync(uri);
        await alice.LinkAsync("alice");
        await bob.ConnectAsync(uri);
        await bob.LinkAsync("bob");
        await bob.SendAsync("say", "hello");
        Assert.Equal("bob: hello", await said.Task.Soon());
        Assert.Equal([new("alice", true), new("bob", true)], bob.Users);
        await bob.UnlinkAsync();
        await bob.LinkAsync("bob");
        await bob.LeaveAsync();
        await alice.LeaveAsync();
        await alice.DisconnectAsync();

        Assert.Equal(
            [
                "accept", "join alice", "link alice", "join bob", "link bob", "unlink bob", "link bob", "unlink bob", "leave bob",
                "unlink alice", "leave alice",
            ],
            events);
    }

    [Fact]
    public async Task Kick_IsNotFollowedByARelink()
    {
        await using var host = new KrmxServer(_ => { });
        Uri uri = await ListenAsync(host);
        await using var client = new KrmxClient(Expect.Hasty);
        var left = new TaskCompletionSource();
        client.OnLeave(_ => left.SetResult());
        await client.ConnectAsync(uri);
        await client.LinkAsync("alice");
        await host.Room.InvokeAsync(() => host.Room.Kick("alice"));
        await left.Task.Soon();
        Assert.Equal(ClientStatus.Connected, client.Status);
        await Assert.ThrowsAsync<KrmxException>(() => client.SendAsync("custom"));
        await client.LinkAsync("alice");
    }

    [Fact]
    public async Task Takeover_LeavesTheDisplacedClientConnected()
    {
        await using var host = new KrmxServer(_ => { }, options => options.Links.Conflict = LinkConflict.Replace);
        Uri uri = await ListenAsync(host);
        await using var first = new KrmxClient(Expect.Hasty);
        await using var second = new KrmxClient(Expect.Hasty);
        var unlinked = new TaskCompletionSource();
        first.OnUnlink(_ => unlinked.SetResult());
        await first.ConnectAsync(uri);
        await first.LinkAsync("alice");
        await second.ConnectAsync(uri);
        await second.LinkAsync("alice");
        await unlinked.Task.Soon();
        Assert.Equal(ClientStatus.Connected, first.Status);
        Assert.Equal(ClientStatus.Linked, second.Status);
    }

    [Fact]
    public async Task Rejection_CarriesTheServersReason()
    {
        await using var host = new KrmxServer(room => room.OnAuthenticate(link =>
            link.Auth == "right" ? LinkResult.Accept : LinkResult.Reject("no ticket")));
        Uri uri = await ListenAsync(host);
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(uri);
        Assert.Equal("no ticket", (await Expect.FailsAsync<KrmxLinkRejectedException>(client.LinkAsync("alice", "wrong"))).Reason);
        Assert.Equal("invalid username", (await Expect.FailsAsync<KrmxLinkRejectedException>(client.LinkAsync("a b"))).Reason);
        await client.LinkAsync("alice", "right");
    }

    [Fact]
    public async Task Server_ThatRestartsGetsItsUsersBack()
    {
        await using var host = new KrmxServer(_ => { });
        Uri uri = await ListenAsync(host);
        KrmxClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => new KrmxClient(Expect.Hasty))];
        int asked = 0;
        foreach ((int number, KrmxClient client) in clients.Index())
        {
            await client.ConnectAsync(uri);
            await client.LinkAsync($"user{number}", _ => new ValueTask<string?>($"{Interlocked.Increment(ref asked)}"));
        }

        await host.CloseAsync();
        foreach (KrmxClient client in clients)
            await Patience.Until(() => client.LastClose is not null, "closed");
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, clients[0].LastClose!.Status);
        await host.ListenAsync(uri.Port);

        foreach (KrmxClient client in clients)
            await Patience.Until(() => client.Status == ClientStatus.Linked && client.Users.Count == 20, "linked again");
        Assert.True(asked >= 40);
        foreach (KrmxClient client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Close_WhenTheServersQueryIsNotMetIsFinal()
    {
        await using var host = new KrmxServer(_ => { }, options => options.Connections.ExpectedQuery["key"] = QueryRule.Present);
        Uri uri = await ListenAsync(host);
        await using var client = new KrmxClient(Expect.Hasty);
        await client.ConnectAsync(uri);
        await Patience.Until(() => client.Status == ClientStatus.Disconnected, "closed for good");
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.LastClose!.Status);
    }

    [Fact]
    public async Task Messages_KeepTheirOrderAndNoneIsLost()
    {
        const int Count = 5_000;
        await using var host = new KrmxServer(room => room.OnMessage("n", (user, message) => room.Send(user.Name, message)));
        Uri uri = await ListenAsync(host);
        await using var client = new KrmxClient(Expect.Hasty);
        var back = new List<int>();
        var all = new TaskCompletionSource();
        client.OnMessage<int>("n", number =>
        {
            back.Add(number);
            if (back.Count == Count)
                all.SetResult();
        });
        await client.ConnectAsync(uri);
        await client.LinkAsync("alice");
        await Task.WhenAll(Enumerable.Range(0, Count).Select(number => client.SendAsync("n", number)));
        await all.Task.Soon();
        Assert.Equal(Enumerable.Range(0, Count), back);
    }

    [Fact]
    public async Task NetStandardBuild_LinksAndTalksToo()
    {
        string? auth = null;
        await using var host = new KrmxServer(room =>
        {
            room.OnAuthenticate(link =>
            {
                auth = link.Auth;
                return LinkResult.Accept;
            });
            room.OnMessage("echo", (user, message) => room.Send(user.Name, message));
        });
        Uri uri = await ListenAsync(host);
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.PathOf("Krmx.NetStandardSmoke"), $"{uri}"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync().Soon();
        await process.WaitForExitAsync();

        Assert.Equal(
            [".NETStandard,Version=v2.1", ".NETStandard,Version=v2.1", "héllo", "the connection was closed with 1000 (disconnect)"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, "ticket"), (process.ExitCode, auth));
    }

    private static async Task<Uri> ListenAsync(KrmxServer host) => new($"ws://127.0.0.1:{await host.ListenAsync()}/");
}

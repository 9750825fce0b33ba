using System.Net.WebSockets;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Processes;

/// <summary>Servers as processes that are told to stop, as by Ctrl-C or a service manager, and start again.</summary>
public sealed class ShutdownTests
{
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;

    [Theory]
    [InlineData("Chat", "TERM")]
    [InlineData("Chat", "INT")]
    [InlineData("Krmx.Cli", "TERM")]
    [InlineData("Krmx.Cli", "INT")]
    public async Task Signal_EndsTheServerInGoodOrder_AndItsClientsComeBack(string name, string signal)
    {
        int port = ServerProcess.FreePort();
        string[] arguments = name == "Chat" ? ["--urls", $"http://127.0.0.1:{port}"] : ["serve", "--port", $"{port}", "--host", "127.0.0.1"];
        string path = name == "Chat" ? "/krmx" : "/", url = $"ws://127.0.0.1:{port}{path}";
        await using ServerProcess first = ServerProcess.Start(name, "/dev/null", arguments);
        KrmxClient[] clients = [await ServerProcess.LinkAsync(url, "alice"), await ServerProcess.LinkAsync(url, "bob")];
        await using NpmPeer npm = NpmPeer.Start("peers/client.mjs");
        await npm.DoAsync("connect", new() { ["client"] = "c", ["url"] = url });
        await npm.DoAsync("link", new() { ["client"] = "c", ["username"] = "carol" });

        Assert.Equal(0, await first.EndAsync(signal));
        Assert.Equal("", await first.ErrorsAsync());
        Assert.Equal(1012, (int?)(await npm.EventAsync("closed"))["code"]);
        foreach (KrmxClient client in clients)
        {
            await Patience.Until(() => client.LastClose is not null, "closed");
            Assert.Equal(ServiceRestart, client.LastClose!.Status);
        }

        await using ServerProcess second = ServerProcess.Start(name, "/dev/null", arguments);
        foreach (KrmxClient client in clients)
        {
            await Patience.Until(() => client.Status == ClientStatus.Linked && client.Users.Count == 2, "linked again");
            await client.DisposeAsync();
        }
        Assert.Equal(0, await second.EndAsync(signal));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("block")]
    public async Task Signal_EndsTheServerInTime_WhoeverDoesNotAnswer(string listener)
    {
        int port = ServerProcess.FreePort();
        // The host gives up after 30 seconds by default, and must not be what ends the server.
        await using ServerProcess server = ServerProcess.Start(
            "Krmx.StubbornServer", "/dev/null", "--urls", $"http://127.0.0.1:{port}", "--shutdownTimeoutSeconds", "3600");
        await using KrmxClient alice = await ServerProcess.LinkAsync($"ws://127.0.0.1:{port}/", "alice");
        await using WireClient deaf = await (await WireClient.ConnectAsync(port, "/")).LinkAsync("deaf");
        await deaf.SendAsync($$"""{"type":"{{listener}}"}""");
        if (listener == "hang")
            await deaf.ExpectAsync("""{"type":"hangs"}""");
        else
            await FillAsync(deaf);

        Assert.Equal(0, await server.EndAsync("TERM"));
        Assert.Equal(1012, (await deaf.ReadToEndAsync()).Code);
        await Patience.Until(() => alice.LastClose is not null, "closed");
        Assert.Equal(ServiceRestart, alice.LastClose!.Status);
    }

    /// <summary>Sends more than a blocked room takes, so that the server does not read the connection any more.</summary>
    private static async Task FillAsync(WireClient client)
    {
        for (int i = 0; i < 100; i++)
            await client.SendAsync("""{"type":"echo"}""");
    }
}

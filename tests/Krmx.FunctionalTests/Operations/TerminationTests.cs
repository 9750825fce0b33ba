using System.Net.WebSockets;
using Krmx.FunctionalTests.Browser;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Operations;

public class TerminationTests
{
    [Fact]
    public async Task Sigterm_ClosesConnectionsAndEndsWithZero()
    {
        await using SampleApp chat = await SampleApp.StartAsync("Chat", "Chat");
        await using var bob = new KrmxClient(Expect.Hasty with { Reconnect = ReconnectPolicy.None });
        await bob.ConnectAsync(chat.Address.Replace("http", "ws", StringComparison.Ordinal) + "/krmx").WaitAsync(Expect.Patience);
        await bob.LinkAsync("bob").WaitAsync(Expect.Patience);

        Assert.Equal(0, await chat.TerminateAsync());

        await Expect.UntilAsync(() => bob.Status == ClientStatus.Disconnected, "disconnected");
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "server is closing"), (bob.LastClose!.Status, bob.LastClose.Reason));
    }
}

using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 3: an authentication ends with its connection or its user.</summary>
public class CancelledAuthenticationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionEndsDuringAuthentication_CancelsIt(bool isReset)
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await using WireClient bystander = await server.LinkAsync("bystander");
        await using WireClient bob = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(bob, "bob");
        Assert.False(asked.Cancellation.IsCancellationRequested);

        if (isReset)
            bob.Reset();
        else
            await bob.SendAsync(WireFrame.OfClose(1000));
        await asked.WaitForCancellation();
        asked.Accept();

        await server.Until(room => room.ConnectionCount == 1, "the connection is gone");
        await bystander.EchoAsync();
        Assert.DoesNotContain("join bob", server.Events.Entries);
    }

    [Fact]
    public async Task UserKickedDuringAuthentication_CancelsAndRejects()
    {
        var gate = new Gate();
        await using TestServer server = await new TestServer { Configure = gate.Attach }.StartAsync();
        await server.Room.InvokeAsync(() => server.Room.Join("bob"));
        await using WireClient bob = await server.ConnectAsync();
        Gate.Asked asked = await gate.AskAsync(bob, "bob");

        await server.Room.InvokeAsync(() => server.Room.Kick("bob"));
        await asked.WaitForCancellation();
        asked.Accept();

        await bob.ExpectAsync(Texts.Rejected("user bob left before the link was made"));
        await bob.LinkAsync("bob");
        await bob.EchoAsync();
    }

    [Fact]
    public async Task HandlerThatThrowsWhenCancelled_IsNoError()
    {
        var asked = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using TestServer server = await new TestServer
        {
            Configure = room => room.OnAuthenticate(async (_, cancellation) =>
            {
                asked.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                finally
                {
                    ended.SetResult();
                }
                return LinkResult.Accept;
            }),
        }.StartAsync();
        WireClient bob = await server.ConnectAsync();
        await bob.AskAsync("bob");
        await asked.Task.Soon();

        bob.Reset();

        await ended.Task.Soon();
    }
}

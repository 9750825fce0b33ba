using System.Net.WebSockets;

namespace Krmx.Tests.Client;

public sealed class ClientConnectTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData(1001, true)]
    [InlineData(1012, true)]
    [InlineData(1013, true)]
    [InlineData(1000, false)]
    [InlineData(1002, false)]
    [InlineData(1008, false)]
    public async Task Disconnected_IsTransientWhereTheNextConnectionMayEndOtherwise(int? status, bool isTransient)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync(options => options.Reconnect.Enabled = false);
        Task linking = harness.Client.LinkAsync("bob");
        await linking.BeginsAsync(socket);
        if (status is int code)
            socket.CloseFromServer((WebSocketCloseStatus)code);
        else
            socket.Drop();

        KrmxException failure = await ClientHarness.FailsAsync<KrmxDisconnectedException>(linking);

        Assert.Equal(isTransient, failure.IsTransient);
        Assert.IsNotAssignableFrom<InvalidOperationException>(failure);
    }

    [Fact]
    public async Task Failure_ToConnectIsTransientUnlessTheAddressIsWrong()
    {
        var harness = new ClientHarness { Obstacle = _ => throw new WebSocketException("no route") };
        Assert.True((await ClientHarness.FailsAsync<KrmxDisconnectedException>(harness.Client.ConnectAsync(ClientHarness.Server))).IsTransient);
        await using var client = new KrmxClient();
        Assert.False((await ClientHarness.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync("http://here.test/"))).IsTransient);
        Assert.False((await ClientHarness.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync("ht tp:"))).IsTransient);
        Assert.False((await ClientHarness.FailsAsync<KrmxException>(client.LinkAsync("bob"))).IsTransient);
    }

    [Fact]
    public async Task Connect_OpensAConnection()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Assert.Equal(ClientStatus.Connected, harness.Client.Status);
        Assert.Equal(["status Connecting", "status Connected"], await harness.HeardAsync("connect"));
        Assert.Null(harness.Client.LastClose);
        socket.Drop();
        await harness.DisposeAsync();
    }

    [Fact]
    public async Task Connect_ThatFailsLeavesTheClientDisconnected()
    {
        var cause = new WebSocketException("refused");
        await using var harness = new ClientHarness { Obstacle = _ => throw cause };

        var failure = await ClientHarness.FailsAsync<KrmxDisconnectedException>(harness.Client.ConnectAsync(ClientHarness.Server));

        Assert.Same(cause, failure.InnerException);
        Assert.DoesNotContain("ticket", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ClientStatus.Disconnected, harness.Client.Status);
        Assert.DoesNotContain("close", await harness.EndAsync());
        Assert.Equal(1, harness.Dials);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("/relative")]
    [InlineData("ws://")]
    [InlineData("ws://host:99999/")]
    [InlineData("ftp://host/")]
    [InlineData("mailto:somebody@example.org")]
    public async Task BadAddressLeavesTheClientDisconnected(string address)
    {
        await using var client = new KrmxClient();
        await ClientHarness.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(address));
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Fact]
    public async Task Connect_ThatTakesTooLongTimesOutAndDropsALateConnection()
    {
        var late = new TaskCompletionSource();
        await using var harness = new ClientHarness { Obstacle = _ => late.Task };
        Task connecting = harness.Client.ConnectAsync(ClientHarness.Server);

        await harness.Time.PassAsync(10_000);

        var failure = await ClientHarness.FailsAsync<KrmxTimeoutException>(connecting);
        Assert.Equal(TimeSpan.FromSeconds(10), failure.Timeout);
        Assert.Equal(ClientStatus.Disconnected, harness.Client.Status);
        late.SetResult();
        await (await harness.NextSocketAsync()).Disposed;
    }

    [Fact]
    public async Task Connect_ThatIsCancelledLeavesTheClientDisconnected()
    {
        using var cancel = new CancellationTokenSource();
        await using var harness = new ClientHarness { Obstacle = token => Task.Delay(Timeout.Infinite, token) };
        Task connecting = harness.Client.ConnectAsync(ClientHarness.Server, cancel.Token);
        await harness.HeardAsync("status Connecting");

        await cancel.CancelAsync();

        await ClientHarness.FailsAsync<TaskCanceledException>(connecting);
        await harness.HeardAsync("status Disconnected");
        harness.Obstacle = null;
        await harness.Client.ConnectAsync(ClientHarness.Server);
        (await harness.NextSocketAsync()).Drop();
    }

    [Fact]
    public async Task Connect_WithACancelledTokenDoesNothing()
    {
        await using var harness = new ClientHarness();
        Task connecting = harness.Client.ConnectAsync(ClientHarness.Server, new CancellationToken(true));
        await ClientHarness.FailsAsync<TaskCanceledException>(connecting);
        Assert.Empty(await harness.EndAsync());
    }

    [Fact]
    public async Task Connect_TwiceIsRefused()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        var refusal = await ClientHarness.FailsAsync<KrmxException>(harness.Client.ConnectAsync(ClientHarness.Server));
        Assert.Equal("cannot connect: the client is connected", refusal.Message);
        socket.Drop();
        await harness.DisposeAsync();
    }

    [Fact]
    public async Task Disconnect_EndsTheMakingOfAConnection()
    {
        await using var harness = new ClientHarness { Obstacle = token => Task.Delay(Timeout.Infinite, token) };
        Task connecting = harness.Client.ConnectAsync(ClientHarness.Server);

        await harness.Client.DisconnectAsync();

        await ClientHarness.FailsAsync<KrmxDisconnectedException>(connecting);
        Assert.Equal(ClientStatus.Disconnected, harness.Client.Status);
    }

    [Fact]
    public async Task Disconnect_WithoutAConnectionDoesNothing()
    {
        await using var harness = new ClientHarness();
        Assert.Empty(await harness.EndAsync());
    }

    [Fact]
    public async Task Disconnect_SaysGoodbyeAfterWhatWasSent()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task sending = harness.Client.SendAsync("last");
        Task disconnecting = harness.Client.DisconnectAsync();

        Assert.Equal("""{"type":"last"}""", await socket.NextSentAsync());
        Assert.Equal("close 1000", await socket.NextSentAsync());
        Assert.False(disconnecting.IsCompleted);
        socket.CloseFromServer(WebSocketCloseStatus.NormalClosure);

        await disconnecting;
        await sending;
        await socket.Disposed;
        Assert.Equal(ClientStatus.Disconnected, harness.Client.Status);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, harness.Client.LastClose!.Status);
        Assert.Equal(["status Closing", "status Disconnected", "unlink bob", "close"], await harness.EndAsync());
        Assert.Equal(1, harness.Dials);
    }

    [Fact]
    public async Task Disconnect_DoesNotWaitForeverForTheServersGoodbye()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Task disconnecting = harness.Client.DisconnectAsync();
        await harness.Time.PassAsync(5_000);
        await disconnecting;
        await socket.Disposed;
    }

    [Fact]
    public async Task Disconnect_ThatIsCancelledCutsTheConnection()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        using var cancel = new CancellationTokenSource();
        Task disconnecting = harness.Client.DisconnectAsync(cancel.Token);
        await socket.NextSentAsync();
        await cancel.CancelAsync();
        await ClientHarness.FailsAsync<TaskCanceledException>(disconnecting);
        await socket.Disposed;
        await harness.HeardAsync("close");
    }

    [Fact]
    public async Task Dispose_EndsEverythingForGood()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        ValueTask disposing = harness.DisposeAsync();
        await socket.NextSentAsync();
        socket.CloseFromServer(WebSocketCloseStatus.NormalClosure);
        await disposing;
        await harness.DisposeAsync();

        await ClientHarness.FailsAsync<KrmxDisconnectedException>(linking);
        await ClientHarness.FailsAsync<ObjectDisposedException>(harness.Client.ConnectAsync(ClientHarness.Server));
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.LinkAsync("bob"));
    }

    [Fact]
    public async Task Connect_FromTheListenerThatHearsOfTheEnd_Works()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync(
            options => options.Reconnect.Enabled = false);
        Task? again = null;
        harness.Client.OnClose(() => again ??= harness.Client.ConnectAsync(ClientHarness.Server));
        await harness.HeardAsync("connect");

        socket.Drop();

        await harness.HeardAsync("connect");
        await again!;
        Assert.Equal(ClientStatus.Connected, harness.Client.Status);
        (await harness.NextSocketAsync()).Drop();
    }
}

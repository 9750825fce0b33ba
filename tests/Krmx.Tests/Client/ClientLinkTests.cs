namespace Krmx.Tests.Client;

public sealed class ClientLinkTests
{
    [Fact]
    public async Task Link_CompletesWhenTheListenersHaveBeenTold()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Task linking = harness.Client.LinkAsync("bob", "secret");
        Assert.StartsWith(
            """{"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","auth":"secret","extensions":["presence","resume"],"resume":{"key":""",
            await socket.NextSentAsync());
        socket.Accept("bob");
        await linking;
        Assert.Equal("bob", harness.Client.Username);
        await harness.HeardAsync("link bob");
        socket.Drop();
        await harness.DisposeAsync();
    }

    [Fact]
    public async Task Link_ThatIsRejectedFailsWithTheReason()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Reject("no");

        var rejection = await ClientHarness.FailsAsync<KrmxLinkRejectedException>(linking);

        Assert.Equal(("bob", "no"), (rejection.Username, rejection.Reason));
        Assert.Equal(ClientStatus.Connected, harness.Client.Status);
        await harness.HeardAsync("reject no");
    }

    [Fact]
    public async Task LinkFailsWhenTheConnectionDrops()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.CloseFromServer(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable, "bye");

        var failure = await ClientHarness.FailsAsync<KrmxDisconnectedException>(linking);

        Assert.Equal("bye", failure.Close!.Reason);
        Assert.Same(harness.Client.LastClose, failure.Close);
    }

    [Fact]
    public async Task Link_ThatIsNeverAnsweredTimesOutAndGivesTheConnectionUp()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        await harness.Time.PassAsync(30_000);
        var failure = await ClientHarness.FailsAsync<KrmxTimeoutException>(linking);
        Assert.Equal("link", failure.Operation);
        await socket.Disposed;
    }

    [Fact]
    public async Task Link_WhoseAuthFailsFailsWithThat()
    {
        (ClientHarness harness, _) = await ClientHarness.ConnectedAsync();
        Task linking = harness.Client.LinkAsync("bob", _ => throw new TimeZoneNotFoundException());
        await ClientHarness.FailsAsync<TimeZoneNotFoundException>(linking);
        Task later = harness.Client.LinkAsync("bob", async _ =>
        {
            await Task.Yield();
            throw new TimeZoneNotFoundException();
        });
        await ClientHarness.FailsAsync<TimeZoneNotFoundException>(later);
        Assert.Equal(ClientStatus.Connected, harness.Client.Status);
    }

    [Fact]
    public async Task Link_WhoseAuthNeverComesEndsWithTheConnection()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        CancellationToken token = default;
        var asked = new TaskCompletionSource();
        Task linking = harness.Client.LinkAsync("bob", stop =>
        {
            token = stop;
            asked.SetResult();
            return new ValueTask<string?>(new TaskCompletionSource<string?>().Task);
        });
        await asked.Task;

        socket.Drop();

        await ClientHarness.FailsAsync<KrmxDisconnectedException>(linking);
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task Link_WhileAnotherWaitsForItsAuthIsRefused()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        var auth = new TaskCompletionSource<string?>();
        Task first = harness.Client.LinkAsync("bob", _ => new ValueTask<string?>(auth.Task));
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.LinkAsync("amy"));
        auth.SetResult("secret");
        Assert.Contains("secret", await socket.NextSentAsync(), StringComparison.Ordinal);
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.LinkAsync("amy"));
        socket.Accept("bob");
        await first;
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.LinkAsync("amy"));
    }

    [Fact]
    public async Task Link_ThatIsCancelledBeforeItWasAskedIsNotAsked()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        using var cancel = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        Task linking = harness.Client.LinkAsync(
            "bob",
            async stop =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
                return null;
            },
            cancel.Token);
        await asked.Task;
        await cancel.CancelAsync();
        await ClientHarness.FailsAsync<TaskCanceledException>(linking);

        Task next = harness.Client.LinkAsync("amy");

        Assert.Contains("amy", await socket.NextSentAsync(), StringComparison.Ordinal);
        socket.Accept("amy");
        await next;
    }

    [Fact]
    public async Task Link_ThatIsCancelledIsUndoneWhenItIsAcceptedAfterAll()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        using var cancel = new CancellationTokenSource();
        Task linking = harness.Client.LinkAsync("bob", null, cancel.Token);
        await socket.NextSentAsync();
        await cancel.CancelAsync();
        await ClientHarness.FailsAsync<TaskCanceledException>(linking);
        Assert.Equal(ClientStatus.Linking, harness.Client.Status);

        socket.Accept("bob");

        Assert.Equal("""{"type":"krmx/unlink"}""", await socket.NextSentAsync());
        socket.DeliverOf("krmx/unlinked", "bob");
        await harness.HeardAsync("unlink bob");
        await harness.HeardAsync("status Connected");
        Task again = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Accept("bob");
        await again;
    }

    [Fact]
    public async Task Link_AgainFromTheListenerThatHearsTheRejection_Works()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        var second = new TaskCompletionSource<Task>();
        harness.Client.OnReject(_ => second.SetResult(harness.Client.LinkAsync("bobby")));
        Task first = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Reject("no");
        await ClientHarness.FailsAsync<KrmxLinkRejectedException>(first);
        Assert.Contains("bobby", await socket.NextSentAsync(), StringComparison.Ordinal);
        socket.Accept("bobby");
        await await second.Task;
        Assert.Equal("bobby", harness.Client.Username);
    }

    [Fact]
    public async Task UnlinkAndLeave_CompleteWithTheServersAnswer()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task unlinking = harness.Client.UnlinkAsync();
        Assert.Equal("""{"type":"krmx/unlink"}""", await socket.NextSentAsync());
        Assert.False(unlinking.IsCompleted);
        socket.DeliverOf("krmx/unlinked", "bob");
        await unlinking;

        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Accept("bob");
        await linking;
        Task leaving = harness.Client.LeaveAsync();
        Assert.Equal("""{"type":"krmx/leave"}""", await socket.NextSentAsync());
        socket.DeliverOf("krmx/unlinked", "bob");
        socket.DeliverOf("krmx/left", "bob");
        await leaving;
        await harness.HeardAsync("leave bob");
    }

    [Fact]
    public async Task Leave_OfAUserTheServerUnlinkedFirstFails()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task leaving = harness.Client.LeaveAsync();
        await socket.NextSentAsync();
        socket.DeliverOf("krmx/unlinked", "bob");
        socket.Reject("unlinked connection");
        await ClientHarness.FailsAsync<KrmxException>(leaving);
        Assert.Equal(ClientStatus.Connected, harness.Client.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UnlinkAndLeaveFailWhenTheConnectionDropsOrNothingIsAnswered(bool isDropped)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task asking = isDropped ? harness.Client.UnlinkAsync() : harness.Client.LeaveAsync();
        await socket.NextSentAsync();
        if (isDropped)
        {
            socket.Drop();
            await ClientHarness.FailsAsync<KrmxDisconnectedException>(asking);
        }
        else
        {
            await harness.Time.PassAsync(30_000); // that of the link, which is over
            await harness.Time.PassAsync(30_000);
            await ClientHarness.FailsAsync<KrmxTimeoutException>(asking);
        }
        await socket.Disposed;
    }

    [Fact]
    public async Task Calls_InTheWrongStatusAreRefused()
    {
        await using var harness = new ClientHarness();
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.LinkAsync("bob"));
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.UnlinkAsync());
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.LeaveAsync());
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.SendAsync("custom"));
    }

    [Fact]
    public async Task UnansweredRequest_ThatIsOverDoesNotTimeOut()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        harness.Time.Advance(TimeSpan.FromHours(1));
        socket.Deliver("""{"type":"still here"}""");
        await harness.HeardAsync("""message {"type":"still here"}""");
    }
}

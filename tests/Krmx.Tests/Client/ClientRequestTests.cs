namespace Krmx.Tests.Client;

/// <summary>Every request of a client ends: with the answer, or with an exception that says what became of it.</summary>
public sealed class ClientRequestTests
{
    [Fact]
    public async Task Request_CompletesWithTheAnswer()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();

        Task<int> first = harness.Client.RequestAsync<int, int>("double", 4);
        Task<string?> second = harness.Client.RequestAsync<string?>("who");
        Assert.Equal("""{"type":"request/ask","payload":{"id":"1","type":"double","payload":4}}""", await socket.NextSentAsync());
        Assert.Equal("""{"type":"request/ask","payload":{"id":"2","type":"who"}}""", await socket.NextSentAsync());
        socket.Deliver("""{"type":"request/answer","payload":{"id":"2"}}""");
        socket.Deliver("""{"type":"request/answer","payload":{"id":"1","payload":8}}""");

        Assert.Equal(8, await first.Soon());
        Assert.Null(await second.Soon());
    }

    [Fact]
    public async Task Request_ThatIsRefused_FailsWithTheReason()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task<int> request = harness.Client.RequestAsync<int>("who");
        await socket.NextSentAsync();
        socket.Deliver("""{"type":"request/refuse","payload":{"id":"1","reason":"not now"}}""");

        var error = await ClientHarness.FailsAsync<KrmxRequestRefusedException>(request);
        Assert.Equal(("who", "not now", false), (error.Type, error.Reason, error.IsTransient));
    }

    [Theory]
    [InlineData("""{"id":"1","payload":"text"}""")]
    [InlineData("""{"id":"1","payload":null}""")]
    [InlineData("""{"id":"1"}""")]
    public async Task Request_WhoseAnswerIsAnother_Fails(string payload)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task<int> request = harness.Client.RequestAsync<int>("who");
        await socket.NextSentAsync();
        socket.Deliver($$"""{"type":"request/answer","payload":{{payload}}}""");

        var error = await ClientHarness.FailsAsync<KrmxException>(request);
        Assert.StartsWith("cannot read the answer to 'who':", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatNobodyAnswers_EndsInTime()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(options => options.Timeouts.Answer = TimeSpan.FromSeconds(3));
        Task<int> request = harness.Client.RequestAsync<int>("who");
        await socket.NextSentAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(3));

        var error = await ClientHarness.FailsAsync<KrmxTimeoutException>(request);
        Assert.Equal(("request", TimeSpan.FromSeconds(3)), (error.Operation, error.Timeout));
    }

    [Fact]
    public async Task Request_ThatNobodyAnswers_EndsWithTheLink()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task<int> request = harness.Client.RequestAsync<int>("who");
        await socket.NextSentAsync();
        socket.Drop();

        Assert.True((await ClientHarness.FailsAsync<KrmxDisconnectedException>(request)).IsTransient);
    }

    [Fact]
    public async Task Request_ThatNobodyAnswers_EndsWithTheClient_AndNoneIsMadeThen()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        Task<int> request = harness.Client.RequestAsync<int>("who");
        await socket.NextSentAsync();
        ValueTask disposing = harness.Client.DisposeAsync();
        await socket.NextSentAsync();
        socket.Drop();
        await disposing;

        await ClientHarness.FailsAsync<KrmxDisconnectedException>(request);
        Assert.Equal("cannot request: the client is not linked", (await ClientHarness.FailsAsync<KrmxException>(harness.Client.RequestAsync<int>("who"))).Message);
    }

    [Fact]
    public async Task Request_IsRefusedWhileTooMuchWaits()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(options => options.Limits.MaxQueuedBytes = 100);
        socket.WriteGate = new TaskCompletionSource().Task;

        Task<int>[] requests = [.. Enumerable.Range(0, 20).Select(_ => harness.Client.RequestAsync<int>("who"))];

        foreach (Task<int> refused in requests.Skip(2))
            await ClientHarness.FailsAsync<KrmxQueueFullException>(refused);
        Assert.All(requests.Take(2), static request => Assert.False(request.IsCompleted));
    }

    [Fact]
    public async Task Request_ThatIsCancelled_WaitsNoMore()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        using var cancelling = new CancellationTokenSource();
        Task<int> request = harness.Client.RequestAsync<int>("who", cancelling.Token);
        await socket.NextSentAsync();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.Soon());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.Client.RequestAsync<int>("who", cancelling.Token).Soon());
        Task<int> next = harness.Client.RequestAsync<int>("who");
        Assert.Contains("\"id\":\"2\"", await socket.NextSentAsync());
        socket.Deliver("""{"type":"request/answer","payload":{"id":"1","payload":1}}""");
        socket.Deliver("""{"type":"request/answer","payload":{"id":"2","payload":2}}""");
        Assert.Equal(2, await next.Soon());
    }
}

using System.Net.WebSockets;
using System.Text;

namespace Krmx.Tests.Client;

public sealed class ClientTransportTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public async Task Message_IsPutTogetherFromItsFragments(int size)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        string text = $$"""{"type":"long","payload":"{{new string('é', 10_000)}}"}""";
        byte[][] parts = [.. Encoding.UTF8.GetBytes(text).Chunk(size)];
        for (int i = 0; i < parts.Length; i++)
            socket.Deliver(parts[i], WebSocketMessageType.Text, i == parts.Length - 1);
        socket.Deliver("""{"type":"short"}""");
        await harness.HeardAsync($"message {text}");
        await harness.HeardAsync("""message {"type":"short"}""");
    }

    [Fact]
    public async Task Message_OfTheLargestSizeIsReceivedAndALargerOneClosesTheConnection()
    {
        string largest = """{"type":"x"}""";
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync(
            options => options.Limits.MaxMessageBytes = 62);
        Task linking = harness.Client.LinkAsync("bob");
        await socket.NextSentAsync();
        socket.Accept("bob");
        await linking;
        socket.Deliver(largest.PadRight(62));
        await harness.HeardAsync($"message {largest}");

        socket.Deliver(largest.PadRight(63));

        Assert.Equal("close 1009", await socket.NextSentAsync());
        socket.Deliver(largest);
        socket.CloseFromServer(WebSocketCloseStatus.MessageTooBig);
        Assert.DoesNotContain($"message {largest}", await harness.HeardAsync("close"));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, harness.Client.LastClose!.Status);
        Assert.Equal(ClientStatus.Disconnected, harness.Client.Status);
    }

    [Fact]
    public async Task Message_ThatNeverEndsClosesTheConnection()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync(
            options => options.Limits.MaxMessageBytes = 10_000);
        for (int i = 0; i < 3; i++)
            socket.Deliver(new byte[4096], WebSocketMessageType.Text, false);
        Assert.Equal("close 1009", await socket.NextSentAsync());
        await harness.Time.PassAsync(5_000);
        await socket.Disposed;
    }

    [Theory]
    [InlineData(1001, "the connection was closed with 1001 (bye)")]
    [InlineData(1006, "the connection was lost")]
    public async Task Goodbye_ThatABrowserFailsTheReceptionWithIsAGoodbye(int status, string close)
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.ConnectedAsync();
        socket.Drop((WebSocketCloseStatus)status, "bye");
        await harness.HeardAsync("close");
        Assert.StartsWith(close, harness.Client.LastClose!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FrameThatIsNoMessageIsIgnored()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.Deliver([0xff, 0xfe], WebSocketMessageType.Text, true);
        socket.Deliver("""{"type":"binary"}"""u8.ToArray(), WebSocketMessageType.Binary, true);
        socket.Deliver(new string('[', 65) + new string(']', 65));
        socket.Deliver("");
        socket.Deliver("""{"type":"last"}""");
        Assert.Empty(await harness.HeardAsync("""message {"type":"last"}"""));
        Assert.Equal(ClientStatus.Linked, harness.Client.Status);
    }

    [Fact]
    public async Task Send_CompletesWhenTheMessageIsOutAndKeepsTheOrder()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        var gate = new TaskCompletionSource();
        socket.WriteGate = gate.Task;
        Task[] sending = [.. Enumerable.Range(0, 100).Select(i => harness.Client.SendAsync("n", i))];
        Assert.All(sending, task => Assert.False(task.IsCompleted));
        gate.SetResult();
        for (int i = 0; i < 100; i++)
            Assert.Equal($$"""{"type":"n","payload":{{i}}}""", await socket.NextSentAsync());
        await Task.WhenAll(sending);
    }

    [Fact]
    public async Task Send_IsRefusedWhileTooMuchWaits()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(options => options.Limits.MaxQueuedBytes = 30);
        var gate = new TaskCompletionSource();
        socket.WriteGate = gate.Task;
        Task first = harness.Client.SendAsync("first"); // 16 bytes
        Task second = harness.Client.SendAsync("second");
        await ClientHarness.FailsAsync<KrmxQueueFullException>(harness.Client.SendAsync("third"));

        gate.SetResult();
        await first;
        await second;
        await harness.Client.SendAsync("fourth");
    }

    [Fact]
    public async Task Send_FailsWhenTheConnectionDropsBeforeItIsOut()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        socket.WriteGate = new TaskCompletionSource().Task;
        Task first = harness.Client.SendAsync("first");
        Task second = harness.Client.SendAsync("second");
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.SendAsync("krmx/reserved"));
        socket.Drop();
        await ClientHarness.FailsAsync<KrmxDisconnectedException>(first);
        await ClientHarness.FailsAsync<KrmxDisconnectedException>(second);
    }

    [Fact]
    public async Task Send_RefusesReservedTypes()
    {
        (ClientHarness harness, _) = await ClientHarness.LinkedAsync();
        await ClientHarness.FailsAsync<KrmxException>(harness.Client.SendAsync("krmx/unlink"));
        Assert.Equal(ClientStatus.Linked, harness.Client.Status);
    }

    [Fact]
    public async Task Server_IsNotReadFasterThanTheListenersHear()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        using var gate = new ManualResetEventSlim();
        int heard = 0;
        harness.Client.OnMessage("block", _ => gate.Wait());
        harness.Client.OnMessage("n", _ => heard++);
        socket.Deliver("""{"type":"block"}""");
        for (int i = 0; i < 1000; i++)
            socket.Deliver("""{"type":"n"}""");
        socket.Deliver("""{"type":"last"}""");
        await harness.HeardAsync("""message {"type":"block"}""");
        Assert.True(socket.Waiting > 900, $"{socket.Waiting} of 1001 frames wait at the socket");
        gate.Set();
        await harness.HeardAsync("""message {"type":"last"}""");
        Assert.Equal(1000, heard);
    }
}

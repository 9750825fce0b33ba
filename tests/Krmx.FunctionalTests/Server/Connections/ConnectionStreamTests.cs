using System.Net.WebSockets;
using Krmx.Connections;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>The stream under the framework's WebSocket: which pings are answered, and who has the thread.</summary>
public sealed class ConnectionStreamTests : IDisposable
{
    private const int Cap = 1024;

    private readonly ScriptedStream _inner = new();
    private readonly ConnectionStream _stream;
    private readonly WebSocket _socket;

    public ConnectionStreamTests()
    {
        _stream = new ConnectionStream(_inner, null, Cap, TimeProvider.System);
        _socket = WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions { IsServer = true });
    }

    [Fact]
    public void PingsThatAreReadWithoutWaiting_AreAnsweredByTheNewestsPong()
    {
        byte[] pings = [.. Ping(1), .. Ping(2), .. Ping(3)];
        _inner.Arrive(pings);
        _inner.Arrive(Ping(4));

        Task receiving = ReceiveAsync();

        Assert.False(receiving.IsCompleted);
        Assert.Equal([Pong(4)], _inner.Writes);
    }

    [Fact]
    public void PingsThatComeOneAfterAnother_AreAnsweredEach()
    {
        Task receiving = ReceiveAsync();

        _inner.Arrive(Ping(1));
        _inner.Arrive(Ping(2));

        Assert.False(receiving.IsCompleted);
        Assert.Equal([Pong(1), Pong(2)], _inner.Writes);
    }

    [Fact]
    public async Task PingBeforeAClose_IsAnsweredBeforeIt()
    {
        byte[] both = [.. Ping(1), .. WireFrame.OfClose(1000).ToBytes()];
        _inner.Arrive(both);

        await ReceiveAsync().Soon();
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default).Soon();

        byte[] close = [0x88, 2, 1000 >> 8, 1000 & 0xFF];
        Assert.Equal([Pong(1), close], _inner.Writes);
    }

    [Fact]
    public void PongsThatNobodyReads_CountAgainstTheCap()
    {
        int overflows = 0;
        _stream.Overflowed = () => overflows++;
        _inner.IsStuck = true;
        Task receiving = ReceiveAsync();

        const int Pongs = Cap / 3;
        for (int i = 0; i < Pongs; i++)
            _inner.Arrive(Ping(1));

        Assert.Equal(0, overflows);
        _inner.Arrive(Ping(1));
        Assert.Equal(1, overflows);
        Assert.False(receiving.IsCompleted);
    }

    /// <summary>Each read finds something at once; a thread that went on for as long would never come back here.</summary>
    [Fact]
    public async Task PeerThatSendsFasterThanItIsRead_DoesNotKeepTheThread()
    {
        _inner.Endless = Ping(1);

        Task receiving = await Task.Factory.StartNew(ReceiveAsync, TaskCreationOptions.LongRunning).Soon();

        Assert.False(receiving.IsCompleted);
        _inner.Endless = WireFrame.OfText("\"an end\"").ToBytes();
        await receiving.Soon();
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Ping(byte payload) => new WireFrame(WireFrame.PingOpcode, [payload]).ToBytes();

    private static byte[] Pong(byte payload) => new WireFrame(WireFrame.PongOpcode, [payload]) { IsMasked = false }.ToBytes();

    private Task<ValueWebSocketReceiveResult> ReceiveAsync() =>
        _socket.ReceiveAsync(new Memory<byte>(new byte[100]), default).AsTask();
}

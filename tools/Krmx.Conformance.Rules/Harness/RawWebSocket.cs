using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace Krmx.Conformance.Harness;

/// <summary>A real socket with nothing of Krmx behind it. It is read all the time, and so answers pings whatever its rule waits for.</summary>
internal sealed class RawWebSocket : IRawConnection
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private readonly TimeSpan _patience;
    private byte[] _buffer = new byte[64 * 1024];

    private RawWebSocket(TimeSpan patience) => _patience = patience;

    /// <summary>Connects.</summary>
    /// <param name="uri">Where.</param>
    /// <param name="patience">How long to wait for anything. Default: 20 seconds.</param>
    public static async Task<IRawConnection> ConnectAsync(Uri uri, TimeSpan? patience = null)
    {
        var connection = new RawWebSocket(patience ?? TimeSpan.FromSeconds(20));
        try
        {
            using CancellationTokenSource end = connection.Patience();
            await connection._socket.ConnectAsync(uri, end.Token);
            _ = connection.ReadToEndAsync();
            return connection;
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task SendTextAsync(ReadOnlyMemory<byte> utf8) => SendAsync(utf8, WebSocketMessageType.Text);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes) => SendAsync(bytes, WebSocketMessageType.Binary);

    public async Task<string?> ReceiveAsync()
    {
        using CancellationTokenSource patience = Patience();
        try
        {
            return await _received.Reader.ReadAsync(patience.Token);
        }
        catch (ChannelClosedException end) when (end.InnerException is RuleBrokenException broken)
        {
            throw broken;
        }
        catch (Exception error) when (error is ChannelClosedException or OperationCanceledException)
        {
            return null;
        }
    }

    public async Task CloseAsync()
    {
        using CancellationTokenSource patience = Patience();
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    public Task AbortAsync()
    {
        _socket.Abort();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    private async Task ReadToEndAsync()
    {
        RuleBrokenException? broken = null;
        try
        {
            while (await ReadAsync() is string text)
                _received.Writer.TryWrite(text);
            _received.Writer.TryWrite($"close {(int)_socket.CloseStatus!}");
            if (_socket.State == WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        catch (RuleBrokenException error)
        {
            broken = error;
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            _received.Writer.TryWrite("close 1006");
        }
        _received.Writer.TryComplete(broken);
    }

    /// <summary>Reads one message.</summary>
    /// <returns>Its text; null for a close.</returns>
    private async Task<string?> ReadAsync()
    {
        int length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            if (length == _buffer.Length)
                Grow();
            part = await _socket.ReceiveAsync(_buffer.AsMemory(length), default);
            length += part.Count;
        }
        while (!part.EndOfMessage && part.MessageType != WebSocketMessageType.Close);
        return part.MessageType == WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(_buffer, 0, length);
    }

    private void Grow()
    {
        RuleBrokenException.Unless(_buffer.Length < MostBytes, $"the server sent a frame of more than {MostBytes} bytes");
        Array.Resize(ref _buffer, 2 * _buffer.Length);
    }

    private CancellationTokenSource Patience() => new(_patience);

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        using CancellationTokenSource patience = Patience();
        await _socket.SendAsync(bytes, type, endOfMessage: true, patience.Token);
    }
}

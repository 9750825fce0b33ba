using System.Net.WebSockets;
using System.Text;

namespace Krmx.Conformance.Harness;

/// <summary>A real socket with nothing of Krmx behind it.</summary>
internal sealed class RawWebSocket : IRawConnection
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
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
        int length = 0;
        try
        {
            while (true)
            {
                if (length == _buffer.Length)
                    Grow();
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
                    return $"close {(int)_socket.CloseStatus!}";
                }
                length += part.Count;
                if (part.EndOfMessage)
                    return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
        catch (WebSocketException)
        {
            return "close 1006";
        }
        catch (OperationCanceledException)
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

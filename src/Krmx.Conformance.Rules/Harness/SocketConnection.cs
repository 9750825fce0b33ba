using System.Net.WebSockets;
using System.Text;

namespace Krmx.Conformance.Harness;

/// <summary>A real socket with nothing of Krmx behind it.</summary>
internal sealed class SocketConnection : IRawConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    public static async Task<IRawConnection> ConnectAsync(Uri uri)
    {
        var connection = new SocketConnection();
        using var patience = new CancellationTokenSource(Patience);
        await connection._socket.ConnectAsync(uri, patience.Token);
        return connection;
    }

    public Task SendTextAsync(ReadOnlyMemory<byte> utf8) => SendAsync(utf8, WebSocketMessageType.Text);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes) => SendAsync(bytes, WebSocketMessageType.Binary);

    public async Task<string?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        int length = 0;
        try
        {
            while (true)
            {
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
        using var patience = new CancellationTokenSource(Patience);
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

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, endOfMessage: true, patience.Token);
    }
}

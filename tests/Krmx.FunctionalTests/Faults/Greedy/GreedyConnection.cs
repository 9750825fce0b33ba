using System.Net;
using System.Net.Sockets;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Greedy;

/// <summary>A connection that sends as fast as the server takes it, and reads and forgets whatever comes.</summary>
internal sealed class GreedyConnection : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Task _reading = Task.CompletedTask;
    private volatile bool _isLost;

    /// <summary>Whether the server has ended it.</summary>
    public bool HasEnded => _isLost || _reading.IsCompleted;

    public static async Task<GreedyConnection> OpenAsync(int port, string target)
    {
        var connection = new GreedyConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        await connection.SendAsync(WireClient.Handshake(target));
        connection._reading = connection.ReadAsync();
        return connection;
    }

    /// <summary>Sends; what fails shows in <see cref="HasEnded"/>.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes)..];
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            _isLost = true;
            _socket.Dispose();
        }
    }

    public Task SendAsync(params WireFrame[] frames) => SendAsync(frames.SelectMany(static frame => frame.ToBytes()).ToArray());

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has ended in another way.
        }
        _socket.Dispose();
    }
}

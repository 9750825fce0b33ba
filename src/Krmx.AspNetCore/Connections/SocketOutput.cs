using System.Net.Sockets;

namespace Krmx.Connections;

/// <summary>The way past the framework: one system call for a write, on the caller's thread.</summary>
internal sealed class SocketOutput : IConnectionOutput
{
    private readonly Socket _socket;

    private SocketOutput(Socket socket) => _socket = socket;

    /// <returns>Null where the connection has ended before anything was written.</returns>
    public static SocketOutput? Over(Socket socket)
    {
        try
        {
            // Concerns the synchronous calls alone: the framework's own reading is asynchronous.
            socket.Blocking = false;
            return new SocketOutput(socket);
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            return null;
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _socket.Send(bytes, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
    }
}

using System.Net.Sockets;

namespace Krmx.Connections;

/// <summary>The way past the framework: one system call for a write, on the caller's thread.</summary>
internal sealed class SocketOutput : IConnectionOutput
{
    /// <summary>How much may wait in the kernel beside what is on the wire.</summary>
    private const int PacedBytes = 64 * 1024;

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

    /// <remarks>By Linux's TCP_NOTSENT_LOWAT; elsewhere, and where it is refused, the kernel takes what it likes.</remarks>
    public bool IsPaced
    {
        set
        {
            const int Tcp = 6, NotSentLowWatermark = 25, AsConfigured = 0;
            if (!OperatingSystem.IsLinux())
                return;
            try
            {
                _socket.SetRawSocketOption(Tcp, NotSentLowWatermark, BitConverter.GetBytes(value ? PacedBytes : AsConfigured));
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException)
            {
                // It has ended, or does not know the option.
            }
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

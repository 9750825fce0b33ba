using System.Net;
using System.Net.Sockets;

namespace Krmx.Load.Connections;

/// <summary>The bytes of one client, as they go over the network; this is without encryption.</summary>
internal class Transport(Socket socket) : IDisposable
{
    public Socket Socket { get; } = socket;

    /// <summary>Connects; blocks, and so does what is read and sent until <see cref="StopBlocking"/>.</summary>
    public virtual void Connect(DnsEndPoint server) => Socket.Connect(server);

    public void StopBlocking() => Socket.Blocking = false;

    /// <summary>Reads what there is.</summary>
    /// <returns>How much was read; 0 with <see cref="SocketError.WouldBlock"/> where there is nothing, and 0 at the end.</returns>
    public virtual int Receive(Span<byte> buffer, out SocketError error) => Socket.Receive(buffer, SocketFlags.None, out error);

    /// <summary>Sends all of it; waits while the server does not read. What fails is seen by who reads.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Write(bytes);
        }
        catch (Exception error) when (error is ObjectDisposedException or IOException)
        {
            // It ended meanwhile.
        }
    }

    /// <summary>Ends it without a word, as a connection is lost.</summary>
    /// <param name="isReset">Whether the server is sent a reset; else the end of the stream, and a reset only for what comes after it.</param>
    public void Cut(bool isReset)
    {
        if (isReset)
            Socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public virtual void Dispose() => Socket.Dispose();

    protected virtual void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes, SocketFlags.None, out SocketError error)..];
            if (error == SocketError.WouldBlock)
                Socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectWrite);
            else if (error != SocketError.Success)
                return;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.Load.Connections;

namespace Krmx.FunctionalTests.Server.Scale;

/// <summary>A client as cheap as can be, for thousands beside a server on one machine: it counts frames by their type, where they lie.</summary>
internal sealed class SwarmClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _sawAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _sawNews = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _linked;
    private volatile int _news;
    private volatile bool _isDeaf;

    /// <summary>Completes when it has seen as many users linked as it was told to expect.</summary>
    public Task SawAll => _sawAll.Task;

    /// <summary>Completes when a <c>news</c> message has come; fails when the connection ends before.</summary>
    public Task SawNews => _sawNews.Task;

    /// <summary>How many <c>news</c> messages have come.</summary>
    public int News => _news;

    /// <summary>How many bytes the kernel keeps for it while it does not read; set before it links.</summary>
    public int ReceiveBufferSize
    {
        set => _socket.ReceiveBufferSize = value;
    }

    public long Frames { get; private set; }

    public long Bytes { get; private set; }

    public async Task LinkAsync(int port, string username, int usersToSee, string version = "0.6.0")
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port);
        await _socket.SendAsync(WireClient.Handshake());
        byte[] buffer = new byte[16 * 1024];
        int count = 0, end;
        while ((end = buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
            count += await ReceiveAsync(buffer.AsMemory(count));
        Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString(buffer, 0, end));
        await _socket.SendAsync(WireFrame.OfText(WireClient.LinkText(username, version: version)).ToBytes());
        _ = CountAsync(buffer, end + 4, count, usersToSee);
    }

    /// <summary>Reads nothing more; the connection stays.</summary>
    public void StopReading() => _isDeaf = true;

    public void Dispose() => _socket.Dispose();

    private async Task CountAsync(byte[] buffer, int start, int count, int usersToSee)
    {
        try
        {
            while (!_isDeaf)
            {
                start += Count(buffer.AsSpan(start, count - start), usersToSee);
                buffer.AsSpan(start, count - start).CopyTo(buffer);
                (start, count) = (0, count - start);
                count += await ReceiveAsync(buffer.AsMemory(count));
            }
        }
        catch (Exception error)
        {
            _sawAll.TrySetException(error);
            _sawNews.TrySetException(error);
            _ = _sawAll.Task.Exception;
            _ = _sawNews.Task.Exception;
        }
    }

    /// <returns>How many bytes whole frames took.</returns>
    private int Count(ReadOnlySpan<byte> bytes, int usersToSee)
    {
        int taken = 0;
        while (ServerFrame.Read(bytes[taken..], out ServerFrame frame) is int length and > 0)
        {
            if (frame.Opcode == WireFrame.PingOpcode)
                _ = _socket.SendAsync(new WireFrame(WireFrame.PongOpcode, frame.Payload.ToArray()).ToBytes());
            else if (frame.Payload.StartsWith("{\"type\":\"krmx/linked\""u8) && ++_linked == usersToSee)
                _sawAll.TrySetResult();
            else if (frame.Payload.StartsWith("{\"type\":\"news\""u8))
            {
                _news++;
                _sawNews.TrySetResult();
            }
            taken += length;
            Frames++;
        }
        Bytes += taken;
        return taken;
    }

    private async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        int count = await _socket.ReceiveAsync(buffer);
        return count > 0 ? count : throw new IOException("The server hung up.");
    }
}

using System.Net.Sockets;
using Krmx.Connections;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>A socket's bytes, cut after a number of them in one direction.</summary>
internal sealed class CuttingStream(Socket socket) : DuplexStream
{
    public long BytesRead { get; private set; }

    public long BytesWritten { get; private set; }

    /// <summary>After how many bytes from the client the connection is cut.</summary>
    public long CutAfterRead { get; set; } = long.MaxValue;

    /// <summary>After how many bytes to the client the connection is cut.</summary>
    public long CutAfterWritten { get; set; } = long.MaxValue;

    /// <summary>Whether a cut is a reset, rather than an end.</summary>
    public bool IsReset { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int most = (int)Math.Min(buffer.Length, CutAfterRead - BytesRead);
        if (most == 0 && buffer.Length > 0)
            Cut();
        int count = await socket.ReceiveAsync(buffer[..most], cancellationToken);
        BytesRead += count;
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int most = (int)Math.Min(buffer.Length, CutAfterWritten - BytesWritten);
        await socket.SendAsync(buffer[..most], cancellationToken);
        BytesWritten += most;
        if (BytesWritten == CutAfterWritten)
            Cut();
    }

    private void Cut()
    {
        if (IsReset)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
        throw new IOException("cut");
    }
}

using System.Net.Sockets;

namespace Krmx.Connections;

/// <summary>
/// The upgraded stream as the framework's WebSocket sees it: it reads and handles the protocol's control frames, while all that is written
/// goes through the connection's one queue, in order with the room's frames.
/// </summary>
/// <param name="inner">The stream that the framework made.</param>
/// <param name="socket">The socket beneath it, where writing to one is writing to the other.</param>
/// <param name="maxQueuedBytes">How much may wait to be written.</param>
/// <param name="time">The clock for silence.</param>
/// <remarks>
/// The framework disposes of it when its part is done, while the queue may still have to write: the stream beneath ends with the request.
/// </remarks>
internal sealed class ConnectionStream(Stream inner, Socket? socket, int maxQueuedBytes, TimeProvider time) : Stream
{
    private const long NotListening = long.MinValue;

    private long _lastRead = time.GetTimestamp();
    private MaskGuard _masks;

    public OutputQueue Output { get; } =
        new(new StreamOutput(inner), socket is null ? null : SocketOutput.Over(socket), maxQueuedBytes);

    /// <summary>Called when the cap is reached by what the framework itself writes: a flood of pings that nobody reads the pongs of.</summary>
    public Action? Overflowed { get; set; }

    /// <summary>When something arrived last, while it is being read.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>How long ago something arrived, of any kind; zero while nobody listens.</summary>
    public TimeSpan Silence => Volatile.Read(ref _lastRead) is not NotListening and var last ? time.GetElapsedTime(last) : TimeSpan.Zero;

    /// <summary>Whether the connection is being read; once it is again, silence begins anew.</summary>
    public bool IsListening
    {
        set => Volatile.Write(ref _lastRead, value ? time.GetTimestamp() : NotListening);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ReadSomeAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!Output.TryAppendControl(buffer.Span))
            Overflowed?.Invoke();
        Output.Flush();
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _lastRead, time.GetTimestamp());
        if (!_masks.Allows(buffer.Span[..count]))
        {
            Output.TryAppendControl(FrameHeader.CloseForProtocolError);
            Output.Flush();
            throw new IOException("The client sent a frame that is not masked.");
        }
        if (count > 0)
            Output.PeerSent(_masks.HasSeenPong);
        return count;
    }
}

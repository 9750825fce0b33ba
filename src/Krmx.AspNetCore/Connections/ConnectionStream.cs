using System.Buffers;
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
/// <para>
/// The framework answers each ping as it comes to it. Here the answers gather: of the pings that can be read without waiting, up to a message,
/// the newest is answered, as RFC 6455, section 5.5.3, allows.
/// </para>
/// <para>
/// A peer that sends faster than it is read would keep the thread that reads it for good, as no read ever waits; two such peers would take
/// all the threads of a pool that has two. So the thread is given back now and then.
/// </para>
/// <para>
/// The framework disposes of it when its part is done, while the queue may still have to write: the stream beneath ends with the request.
/// </para>
/// </remarks>
internal sealed class ConnectionStream(Stream inner, Socket? socket, int maxQueuedBytes, TimeProvider time) : DuplexStream
{
    private const long NotListening = long.MinValue;

    /// <summary>How many reads in a row may find something without waiting until the thread is given back; each is a few hundred bytes of small frames.</summary>
    private const int MaxReadsInARow = 64;

    private const int SkippedBytes = 16 * 1024;

    private static readonly TimeSpan SkipPause = TimeSpan.FromMilliseconds(10);

    private long _lastRead = time.GetTimestamp();
    private ClientFrameHeads _heads;
    private int _readsInARow;
    private byte[]? _pong;

    public OutputQueue Output { get; } =
        new(new StreamOutput(inner), socket is null ? null : SocketOutput.Over(socket), maxQueuedBytes);

    /// <summary>Called when the cap is reached by what the framework itself writes: a flood of pings that nobody reads the pongs of.</summary>
    public Action? Overflowed { get; set; }

    /// <summary>
    /// Told, by the reading, how many frames arrived that the framework handles without a word; false ends what the framework reads.
    /// </summary>
    public Func<int, bool>? ReadExtraFrames { get; set; }

    /// <summary>Told, by the reading, that something arrived and a message is not whole yet.</summary>
    public Action? ReadPart { get; set; }

    /// <summary>When something arrived last, while it is being read.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>How long ago something arrived, of any kind; zero while nobody listens.</summary>
    public TimeSpan Silence => Volatile.Read(ref _lastRead) is not NotListening and var last ? time.GetElapsedTime(last) : TimeSpan.Zero;

    /// <summary>Whether the connection is being read; once it is again, silence begins anew.</summary>
    public bool IsListening
    {
        set => Volatile.Write(ref _lastRead, value ? time.GetTimestamp() : NotListening);
    }

    /// <summary>Answers the newest ping, if it waits for an answer.</summary>
    public void AnswerPing()
    {
        if (Volatile.Read(ref _pong) is not null && Interlocked.Exchange(ref _pong, null) is byte[] pong)
            Send(pong);
    }

    /// <summary>
    /// Reads away what the peer still sends until it has answered a close, or has ended; in place of the framework, which would handle each frame.
    /// </summary>
    /// <remarks>In no hurry, as nothing of it counts: a peer that floods may cost little.</remarks>
    public async Task SkipToCloseAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SkippedBytes);
        try
        {
            ReadExtraFrames = null;
            while (!_heads.HasSeenClose && await ReadAsync(buffer).ConfigureAwait(false) > 0)
            {
                if (!_heads.HasSeenClose)
                    await Task.Delay(SkipPause).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = inner.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompleted)
        {
            _readsInARow = 0;
            AnswerPing();
        }
        return buffer.IsEmpty ? reading : ReadSomeAsync(reading, buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (FrameHeader.IsPong(buffer.Span))
        {
            Volatile.Write(ref _pong, buffer.ToArray());
        }
        else
        {
            AnswerPing();
            Send(buffer.Span);
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> ReadSomeAsync(ValueTask<int> reading, Memory<byte> buffer)
    {
        int count = await reading.ConfigureAwait(false);
        Volatile.Write(ref _lastRead, time.GetTimestamp());
        if (!_heads.TryFollow(buffer.Span[..count]))
        {
            Send(FrameHeader.CloseForProtocolError);
            throw new IOException("The client sent a frame that is not masked.");
        }
        if (count > 0)
            Output.PeerSent(_heads.HasSeenPong);
        if (_heads.IsInMessage)
            ReadPart?.Invoke();
        bool isOver = _heads.ExtraFrames > 0 && ReadExtraFrames?.Invoke(_heads.ExtraFrames) == false;
        _heads.ExtraFrames = 0;
        if (++_readsInARow == MaxReadsInARow)
        {
            _readsInARow = 0;
            AnswerPing();
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        return isOver ? 0 : count;
    }

    private void Send(ReadOnlySpan<byte> control)
    {
        if (!Output.TryAppendControl(control))
            Overflowed?.Invoke();
        Output.Flush();
    }
}

using System.Buffers;

namespace Krmx.Connections;

/// <summary>The bytes on their way to one connection, in order, up to a cap; one write at a time, however many frames wait.</summary>
/// <remarks>
/// <para>
/// Everything a connection is sent goes through here: the room's frames, and the framework's own pongs and close frame. Any thread may call.
/// An idle queue holds no buffer and no task.
/// </para>
/// <para>
/// It begins on the framework's stream, which still holds the answer to the handshake. It goes over to the socket when the peer has shown
/// that it read all of that: by the first byte it sends, or, once it has been pinged, by its pong. (One that sends before it has the
/// answer to its handshake breaks RFC 6455, section 4.1, and can only spoil what it reads itself.)
/// </para>
/// </remarks>
/// <param name="stream">Where the bytes go at first.</param>
/// <param name="socket">Where they go as soon as the stream is known to be empty; null where there is no other way.</param>
/// <param name="maxBytes">The cap.</param>
internal sealed class OutputQueue(IConnectionOutput stream, IConnectionOutput? socket, int maxBytes)
{
    private const int CloseOpcode = 0x8;
    private const int FlushBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private IConnectionOutput _output = stream;
    private IConnectionOutput? _better = socket;
    private Streamed _streamed;
    private byte[] _buffer = [];
    private int _length;
    private int _inFlight;
    private bool _isWriting;
    private bool _isEnded;
    private TaskCompletionSource? _drained;

    /// <summary>What the stream was given beside the handshake.</summary>
    private enum Streamed
    {
        Nothing,
        OnePing,
        More,
    }

    /// <summary>Whether so much waits that it should be written before the turn ends: more at once would save nothing.</summary>
    public bool IsFlushDue => Volatile.Read(ref _length) >= FlushBytes;

    /// <summary>Adds a frame in two pieces, to be written at the next flush.</summary>
    /// <returns>False when the cap is reached; nothing is added. What comes after the end is dropped and counts as added.</returns>
    public bool TryAppend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) => TryAppend(head, body, isPing: false);

    /// <summary>Adds a ping.</summary>
    public bool TryAppendPing() => TryAppend(FrameHeader.Ping, default, isPing: true);

    /// <summary>Adds a frame the framework made; after a close frame nothing may follow.</summary>
    public bool TryAppendControl(ReadOnlySpan<byte> frame)
    {
        bool added = TryAppend(frame, default);
        if (frame.Length > 0 && (frame[0] & 0xF) == CloseOpcode)
            End();
        return added;
    }

    /// <summary>Takes no more.</summary>
    public void End()
    {
        lock (_gate)
            _isEnded = true;
    }

    /// <summary>Something arrived from the peer, which may show that it has read all that the stream was given.</summary>
    public void PeerSent(bool isPong)
    {
        if (_better is null)
            return;
        lock (_gate)
        {
            bool isStreamEmpty = _streamed == Streamed.Nothing || (_streamed == Streamed.OnePing && isPong);
            if (!isStreamEmpty || _isWriting || _length > 0)
                return;
            _output = _better!;
            _better = null;
        }
    }

    /// <summary>Writes what waits, unless that is under way.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isWriting || _length == 0)
                return;
            _isWriting = true;
        }
        WriteWaiting();
    }

    /// <summary>Writes frames that live for the time of the call, after what waits; keeps a copy of what cannot be written yet.</summary>
    /// <returns>False when the cap is reached; nothing is written or kept.</returns>
    public bool TryWrite(ReadOnlySpan<byte> frames)
    {
        lock (_gate)
        {
            if (_isWriting || _length > 0)
            {
                if (!TryAppend(frames, default))
                    return false;
                frames = default;
            }
            else
            {
                if (_isEnded)
                    return true;
                if (frames.Length > maxBytes)
                    return false;
                _isWriting = true;
                _inFlight = frames.Length;
                _streamed = Streamed.More;
            }
        }
        if (frames.IsEmpty)
            Flush();
        else
            Write(frames);
        return true;
    }

    /// <summary>Writes what waits; completes when nothing is being written any more; never fails.</summary>
    public Task DrainAsync()
    {
        Flush();
        lock (_gate)
        {
            if (!_isWriting)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private bool TryAppend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool isPing)
    {
        lock (_gate)
        {
            if (_isEnded)
                return true;
            int length = head.Length + body.Length;
            if (length > maxBytes - _length - _inFlight)
                return false;
            Reserve(length);
            head.CopyTo(_buffer.AsSpan(_length));
            body.CopyTo(_buffer.AsSpan(_length + head.Length));
            _length += length;
            _streamed = isPing && _streamed == Streamed.Nothing ? Streamed.OnePing : Streamed.More;
            return true;
        }
    }

    private void Write(ReadOnlySpan<byte> frames)
    {
        int written = _output.TryWrite(frames);
        if (written == frames.Length)
        {
            WriteWaiting();
            return;
        }
        int rest = frames.Length - written;
        byte[] copy = ArrayPool<byte>.Shared.Rent(rest);
        frames[written..].CopyTo(copy);
        _ = WriteOnAsync(copy, 0, rest);
    }

    private void WriteWaiting()
    {
        while (TryTake(out byte[] batch, out int length))
        {
            int written = _output.TryWrite(batch.AsSpan(0, length));
            if (written < length)
            {
                _ = WriteOnAsync(batch, written, length);
                return;
            }
            ArrayPool<byte>.Shared.Return(batch);
        }
    }

    /// <summary>Writes the rest of a batch, and what came meanwhile, as fast as the peer reads.</summary>
    private async Task WriteOnAsync(byte[] batch, int written, int length)
    {
        do
        {
            lock (_gate)
                _inFlight = length - written;
            try
            {
                await _output.WriteAsync(batch.AsMemory(written, length - written)).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The reading side sees the same end and reports it.
                End();
            }
            ArrayPool<byte>.Shared.Return(batch);
            written = 0;
        }
        while (TryTake(out batch, out length));
    }

    private bool TryTake(out byte[] batch, out int length)
    {
        lock (_gate)
        {
            batch = _buffer;
            length = _inFlight = _length;
            _buffer = [];
            _length = 0;
            if (length > 0)
                return true;
            _isWriting = false;
            _drained?.TrySetResult();
            return false;
        }
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - _length >= more)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + more, Math.Min(2 * _buffer.Length, maxBytes)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

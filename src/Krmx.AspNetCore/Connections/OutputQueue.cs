using System.Buffers;

namespace Krmx.Connections;

/// <summary>The bytes on their way to one connection, in order, up to a cap; one write at a time, however many frames wait.</summary>
/// <remarks>
/// <para>
/// Everything a connection is sent goes through here: the room's frames, and the framework's own pongs and close frame. Any thread may call.
/// An idle queue holds no buffer and no task.
/// </para>
/// <para>
/// A picture is outside the cap: of it the queue holds the place where it is read, and one piece that is being written.
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
    /// <summary>How many batches the thread that flushes writes itself, one after another.</summary>
    private const int MaxBatchesOfFlush = 4;

    private readonly Lock _gate = new();
    private IConnectionOutput _output = stream;
    private IConnectionOutput? _better = socket;
    private Streamed _streamed;
    private byte[] _buffer = [];
    private int _length;
    private PictureBacklog? _backlog;

    // Of what is being written; a piece of a picture counts for nothing.
    private int _inFlight;
    private int _piecesTaken;
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

    /// <summary>Whether a picture is on its way, but for the last piece.</summary>
    public bool HasPicture => Volatile.Read(ref _backlog) is not null;

    /// <summary>Whether the peer has not taken what was written, or a picture is on its way.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
                return _isWriting || _backlog is not null;
        }
    }

    /// <summary>How many pieces of pictures there was room for: while it changes, the peer reads.</summary>
    public int PiecesTaken => Volatile.Read(ref _piecesTaken);

    /// <summary>How many bytes may be added.</summary>
    public int FreeBytes
    {
        get
        {
            lock (_gate)
                return Free;
        }
    }

    private int Free => maxBytes - _length - _inFlight - (_backlog?.OtherBytes ?? 0);

    private bool HasWaiting => _length > 0 || _backlog is not null;

    /// <summary>Adds a frame in two pieces, to be written at the next flush.</summary>
    /// <returns>False when the cap is reached; nothing is added. What comes after the end is dropped and counts as added.</returns>
    public bool TryAppend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) => TryAppend(head, body, isPing: false);

    /// <summary>Adds frames that are read as the peer takes them, and do not count against the cap; what is added later waits behind them.</summary>
    /// <param name="frames">The texts, which nobody may change any more.</param>
    public void AppendPicture(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        lock (_gate)
        {
            if (_isEnded)
                return;
            _output.IsPaced = true;
            _backlog ??= new PictureBacklog();
            _backlog.Add(_buffer, _length, frames);
            (_buffer, _length) = ([], 0);
            _streamed = Streamed.More;
        }
    }

    /// <summary>Adds a ping.</summary>
    public bool TryAppendPing() => TryAppend(FrameHeader.Ping, default, isPing: true);

    /// <summary>Adds a frame the framework made; after a close frame nothing may follow.</summary>
    public bool TryAppendControl(ReadOnlySpan<byte> frame)
    {
        bool added = TryAppend(frame, default);
        if (FrameHeader.IsClose(frame))
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
            if (!isStreamEmpty || _isWriting || HasWaiting)
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
            if (_isWriting || !HasWaiting)
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
            if (_isWriting || HasWaiting)
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
            if (length > Free)
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
        for (int batches = 1; TryTake(out byte[] batch, out int length); batches++)
        {
            int written = _output.TryWrite(batch.AsSpan(0, length));
            if (written < length || batches == MaxBatchesOfFlush)
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
            {
                if (_inFlight > 0)
                    _inFlight = length - written;
            }
            try
            {
                await _output.WriteAsync(batch.AsMemory(written, length - written)).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The reading side sees the same end and reports it.
                Fail();
            }
            ArrayPool<byte>.Shared.Return(batch);
            written = 0;

            // A picture is long, and whoever flushed has other things to do.
            if (HasPicture)
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        while (TryTake(out batch, out length));
    }

    private bool TryTake(out byte[] batch, out int length)
    {
        lock (_gate)
        {
            if (_backlog is not null)
            {
                batch = _backlog.Take(out length, out bool isPiece);
                _inFlight = isPiece ? 0 : length;
                if (isPiece)
                    _piecesTaken++;
                if (_backlog.IsEmpty)
                    (_backlog, _output.IsPaced) = (null, false);
                return true;
            }
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

    private void Fail()
    {
        lock (_gate)
        {
            _isEnded = true;
            _backlog?.Clear();
            _backlog = null;
            if (_buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _length) = ([], 0);
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

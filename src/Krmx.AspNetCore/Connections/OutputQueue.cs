using System.Buffers;

namespace Krmx.Connections;

/// <summary>The bytes on their way to one connection, in order, up to a cap; one write at a time, however many frames wait.</summary>
/// <remarks>
/// Everything a connection is sent goes through here: the room's frames, and the framework's own pongs and close frame. Any thread may call.
/// An idle queue holds no buffer and no task.
/// </remarks>
internal sealed class OutputQueue(Stream stream, int maxBytes)
{
    private const int CloseOpcode = 0x8;

    private readonly Lock _gate = new();
    private byte[] _buffer = [];
    private int _length;
    private int _inFlight;
    private bool _isWriting;
    private bool _isEnded;
    private TaskCompletionSource? _drained;

    /// <summary>Adds a frame in two pieces, to be written at the next flush.</summary>
    /// <returns>False when the cap is reached; nothing is added. What comes after the end is dropped and counts as added.</returns>
    public bool TryAppend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
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
            return true;
        }
    }

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

    /// <summary>Starts writing what waits, unless that is under way.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isWriting || _length == 0)
                return;
            _isWriting = true;
        }
        _ = PumpAsync();
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

    private async Task PumpAsync()
    {
        while (TryTake(out byte[] batch, out int length))
        {
            try
            {
                await stream.WriteAsync(batch.AsMemory(0, length)).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The reading side sees the same end and reports it.
                End();
            }
            ArrayPool<byte>.Shared.Return(batch);
        }
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

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Krmx.Limits;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Connections;

/// <summary>One client's WebSocket: reads its frames into the room's turns, and is written to by them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing, and is released after the end.")]
internal sealed class SocketConnection
{
    private const int NotEnding = -1;

    private readonly WebSocket _socket;
    private readonly ConnectionStream _stream;
    private readonly ConnectionRequest _request;
    private readonly KrmxRoom _room;
    private readonly TimeProvider _time;

    // Bounds what one connection has in the room's mailbox, and so lets the others have their turn.
    private readonly SemaphoreSlim _credits = new(MaxFramesInMailbox);

    // What it has still to be sent of the turn's shared frames: one stretch, as long as nothing comes in between.
    private int _sharedStart;
    private int _sharedEnd;

    // How fast it may send; belongs to the reading.
    private TokenBucket _messages;
    private TokenBucket _links;

    private int _endReason = NotEnding;
    private long _closingSince;
    private int _unansweredPings;
    private bool _isReported;

    public SocketConnection(ConnectionId id, KrmxRoom room, ConnectionRequest request, WebSocket socket, ConnectionStream stream, TimeProvider time)
    {
        Id = id;
        _room = room;
        _request = request;
        _socket = socket;
        _stream = stream;
        _time = time;
        stream.Overflowed = () => Abort(UnlinkReason.TooSlow);
    }

    /// <summary>How many frames of one connection may wait for the room's turn.</summary>
    public const int MaxFramesInMailbox = 16;

    public ConnectionId Id { get; }

    /// <summary>Whether it waits for the end of the turn to be flushed; belongs to the room's turn.</summary>
    public bool IsDirty { get; set; }

    /// <summary>What is known of the request.</summary>
    public KrmxConnectionInfo Info => _request.Info;

    /// <summary>Serves the connection until it ends.</summary>
    public async Task RunAsync()
    {
        _room.Opened(this);
        try
        {
            while (await ReceiveAsync().ConfigureAwait(false) is InboundFrame frame)
            {
                if (ExceededRate(frame) is string excess)
                {
                    Interlocked.CompareExchange(ref _endReason, (int)UnlinkReason.RateExceeded, NotEnding);
                    await CloseAndSkipAsync(CloseCode.PolicyViolation, excess, new byte[1024]).ConfigureAwait(false);
                    break;
                }
                if (!_credits.Wait(0))
                    await WaitForRoomAsync().ConfigureAwait(false);
                _room.Received(this, frame);
            }
            await AnswerCloseAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error.IsLoss())
        {
            // The connection was lost, or broke the WebSocket protocol: either way it is over, and only for itself.
        }
        finally
        {
            _stream.Output.End();
            ReportClosed();
        }
        await DrainAsync().ConfigureAwait(false);
    }

    /// <summary>The room has handled a frame.</summary>
    public void FrameHandled() => _credits.Release();

    /// <summary>Sends frames of its own, with the turn's end at the latest; too much that waits ends the connection.</summary>
    public void Send(SharedFrames shared, ReadOnlySpan<ReadOnlyMemory<byte>> frames)
    {
        KeepShared(shared);
        OutputQueue output = _stream.Output;
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        bool isLarge = false;
        foreach (ReadOnlyMemory<byte> frame in frames)
        {
            if (!output.TryAppend(head[..FrameHeader.WriteText(head, frame.Length)], frame.Span))
            {
                Abort(UnlinkReason.TooSlow);
                return;
            }
            if (output.IsFlushDue)
            {
                isLarge = true;
                output.Flush();
            }
        }

        // Many newcomers in one turn would each hold a buffer for the rest.
        if (isLarge)
            output.Flush();
    }

    /// <summary>Sends a frame that others are sent as well, when the turn flushes.</summary>
    public void Send(SharedFrames shared, SharedFrame frame)
    {
        if (frame.Start != _sharedEnd)
        {
            KeepShared(shared);
            _sharedStart = frame.Start;
        }
        _sharedEnd = frame.End;
    }

    /// <summary>Writes all that the turn gave it.</summary>
    public void Flush(SharedFrames shared)
    {
        IsDirty = false;
        ReadOnlySpan<byte> frames = TakeShared(shared);
        if (frames.IsEmpty)
            _stream.Output.Flush();
        else if (!_stream.Output.TryWrite(frames))
            Abort(UnlinkReason.TooSlow);
    }

    /// <summary>Closes after what the turn gave it.</summary>
    public void Close(SharedFrames shared, CloseCode code, string description)
    {
        KeepShared(shared);
        Close(code, description);
    }

    /// <summary>Closes after what was sent; the peer has the close timeout to answer.</summary>
    public void Close(CloseCode code, string description)
    {
        if (code is CloseCode.PolicyViolation or CloseCode.MessageTooBig)
            Interlocked.CompareExchange(ref _endReason, (int)UnlinkReason.ProtocolViolation, NotEnding);
        Interlocked.CompareExchange(ref _closingSince, Math.Max(1, _time.GetTimestamp()), 0);
        _ = CloseOutputAsync((WebSocketCloseStatus)code, description);
    }

    /// <summary>Ends the connection at once.</summary>
    public void Abort(UnlinkReason reason)
    {
        Interlocked.CompareExchange(ref _endReason, (int)reason, NotEnding);
        _stream.Output.End();
        _request.Abort();
    }

    /// <summary>Pings a silent connection, ends one that stays silent or does not finish closing (protocol section 7).</summary>
    /// <param name="options">The times.</param>
    /// <param name="patience">
    /// How many pings a dead connection has left unanswered: time alone proves nothing, as it may be this process that stood still.
    /// </param>
    public void CheckLiveness(KrmxOptions options, int patience)
    {
        long closingSince = Volatile.Read(ref _closingSince);
        if (closingSince != 0)
        {
            if (_time.GetElapsedTime(closingSince) >= options.CloseTimeout)
                Abort(UnlinkReason.ConnectionClosed);
            return;
        }
        if (options.PingInterval == TimeSpan.Zero)
            return;
        TimeSpan silence = _stream.Silence;
        if (silence < options.PingInterval)
        {
            _unansweredPings = 0;
        }
        else if (_unansweredPings >= patience && silence >= options.PingInterval + options.PingTimeout)
        {
            Abort(UnlinkReason.TimedOut);
        }
        else if (_stream.Output.TryAppendPing())
        {
            _unansweredPings++;
            _stream.Output.Flush();
        }
        else
        {
            Abort(UnlinkReason.TooSlow);
        }
    }

    /// <summary>Receives one whole message.</summary>
    /// <returns>The frame; null when the peer closes, or has been told to for a message that is too big.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InboundFrame?> ReceiveAsync()
    {
        // An idle connection waits without a buffer.
        ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(Memory<byte>.Empty, default).ConfigureAwait(false);
        int limit = _room.Options.MaxMessageBytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(limit + 1, 4096));
        try
        {
            int length = 0;
            while (result.MessageType != WebSocketMessageType.Close && !result.EndOfMessage)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, limit + 1);
                result = await _socket.ReceiveAsync(buffer.AsMemory(length), default).ConfigureAwait(false);
                length += result.Count;
                if (length > limit)
                {
                    await CloseAndSkipAsync(CloseCode.MessageTooBig, $"a message may have at most {limit} bytes", buffer).ConfigureAwait(false);
                    return null;
                }
            }
            if (result.MessageType == WebSocketMessageType.Close)
                return null;
            _room.Metrics.FrameReceived(length);
            return result.MessageType == WebSocketMessageType.Binary
                ? InboundFrame.Invalid(length)
                : InboundFrame.Parse(buffer.AsSpan(0, length).ToArray(), _room.Options.MaxJsonDepth);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads nothing until the room has caught up; the peer's silence is none then.</summary>
    private async Task WaitForRoomAsync()
    {
        _stream.IsListening = false;
        await _credits.WaitAsync(_request.Aborted).ConfigureAwait(false);
        _stream.IsListening = true;
    }

    private void ReportClosed()
    {
        Interlocked.CompareExchange(ref _endReason, (int)UnlinkReason.ConnectionClosed, NotEnding);
        if (!_isReported)
            _room.Closed(this, (UnlinkReason)_endReason);
        _isReported = true;
    }

    /// <returns>Which rate the frame goes beyond; null where it is within both.</returns>
    private string? ExceededRate(in InboundFrame frame)
    {
        KrmxOptions options = _room.Options;
        long now = _stream.LastRead;
        if (!_messages.TryTake(options.MaxMessagesPerSecond, options.MaxMessageBurst, now, _time))
            return "too many messages";
        if (frame.IsLinkRequest && !_links.TryTake(options.MaxLinksPerSecond, options.MaxLinkBurst, now, _time))
            return "too many link requests";
        return null;
    }

    /// <summary>Closes, tells the room at once, and reads away what the peer still sends until it answers, or its time is over.</summary>
    private async Task CloseAndSkipAsync(CloseCode code, string description, byte[] buffer)
    {
        Close(code, description);
        ReportClosed();
        await _socket.SkipToCloseAsync(buffer).ConfigureAwait(false);
    }

    private static byte[] Grow(byte[] buffer, int most)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, most));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async Task AnswerCloseAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
            await CloseOutputAsync(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null).ConfigureAwait(false);
    }

    private void KeepShared(SharedFrames shared)
    {
        if (_sharedEnd > _sharedStart && !_stream.Output.TryAppend(TakeShared(shared), default))
            Abort(UnlinkReason.TooSlow);
    }

    private ReadOnlySpan<byte> TakeShared(SharedFrames shared)
    {
        ReadOnlySpan<byte> frames = shared.Bytes[_sharedStart.._sharedEnd];
        _sharedStart = _sharedEnd = 0;
        return frames;
    }

    private async Task CloseOutputAsync(WebSocketCloseStatus status, string? description)
    {
        try
        {
            await _socket.CloseOutputAsync(status, description, default).ConfigureAwait(false);
        }
        catch (Exception error) when (error.IsLoss())
        {
            // It was closed or lost meanwhile.
        }
    }

    /// <summary>Lets the last frames go out, for as long as a close may take; ending the request ends the socket.</summary>
    private async Task DrainAsync()
    {
        Task drained = _stream.Output.DrainAsync();
        try
        {
            await drained.WaitAsync(_room.Options.CloseTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _request.Abort();
            await drained.ConfigureAwait(false);
        }
        _socket.Dispose();
    }
}

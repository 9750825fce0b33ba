using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Krmx.Diagnostics;
using Krmx.Limits;
using Krmx.Protocol;

namespace Krmx.Connections;

/// <summary>Reads one client's messages, whole, no larger and no faster than is allowed, and no further ahead of its room.</summary>
/// <remarks>Belongs to the reading, one call at a time; but <see cref="FrameHandled"/> comes from the room's turn.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing, and is released after the end.")]
internal sealed class ConnectionReader(WebSocket socket, ConnectionStream stream, KrmxMessageOptions options, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>How many frames of one connection may wait for the room's turn.</summary>
    private const int MaxFramesInMailbox = 16;

    // Bounds what one connection has in the room's mailbox, and so lets the others have their turn.
    private readonly SemaphoreSlim _credits = new(MaxFramesInMailbox);
    private TokenBucket _messages;
    private TokenBucket _links;

    /// <summary>What the client sent too much of, to begin with; null while it has not.</summary>
    public ReadingExcess? Excess { get; private set; }

    /// <summary>Receives one whole message.</summary>
    /// <returns>The frame; null when the peer closes, and when there is an <see cref="Excess"/>.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InboundFrame?> ReceiveAsync()
    {
        // An idle connection waits without a buffer.
        ValueWebSocketReceiveResult result = await socket.ReceiveAsync(Memory<byte>.Empty, default).ConfigureAwait(false);
        int limit = options.MaxBytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(limit + 1, 4096));
        try
        {
            int length = 0;
            while (result.MessageType != WebSocketMessageType.Close && !result.EndOfMessage)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, limit + 1);
                result = await socket.ReceiveAsync(buffer.AsMemory(length), default).ConfigureAwait(false);
                length += result.Count;
                if (length > limit)
                {
                    Excess = new(UnlinkReason.ProtocolViolation, CloseCode.MessageTooBig, $"a message may have at most {limit} bytes");
                    return null;
                }
            }
            if (result.MessageType == WebSocketMessageType.Close)
                return null;
            stream.AnswerPing();
            metrics.FrameReceived(length);
            InboundFrame frame = result.MessageType == WebSocketMessageType.Binary
                ? InboundFrame.Invalid(length)
                : InboundFrame.Parse(buffer.AsSpan(0, length).ToArray(), options.MaxJsonDepth);
            return IsWithinRates(frame) ? frame : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Counts pings, pongs and small fragments, each as a message; while the socket is being read.</summary>
    /// <returns>False when there were too many, which is the <see cref="Excess"/> then.</returns>
    public bool TryCountExtraFrames(int count)
    {
        if (Excess is null && !_messages.TryTake(options.MaxPerSecond, options.MaxBurst, stream.LastRead, time, count))
            Excess = new(UnlinkReason.RateExceeded, CloseCode.PolicyViolation, "too many control frames or fragments");
        return Excess is null;
    }

    /// <summary>Waits until the room's mailbox may have another frame; the peer's silence is none meanwhile, as nothing is read.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) =>
        _credits.Wait(0, CancellationToken.None) ? default : new ValueTask(WaitAsync(cancellationToken));

    /// <summary>The room has handled a frame.</summary>
    public void FrameHandled() => _credits.Release();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        stream.IsListening = false;
        await _credits.WaitAsync(cancellationToken).ConfigureAwait(false);
        stream.IsListening = true;
    }

    private bool IsWithinRates(in InboundFrame frame)
    {
        long now = stream.LastRead;
        if (Excess is not null)
            return false;
        if (!_messages.TryTake(options.MaxPerSecond, options.MaxBurst, now, time))
            Excess = new(UnlinkReason.RateExceeded, CloseCode.PolicyViolation, "too many messages");
        else if (frame.IsLinkRequest && !_links.TryTake(options.MaxLinksPerSecond, options.MaxLinkBurst, now, time))
            Excess = new(UnlinkReason.RateExceeded, CloseCode.PolicyViolation, "too many link requests");
        return Excess is null;
    }

    private static byte[] Grow(byte[] buffer, int most)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, most));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}

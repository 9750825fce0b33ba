using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Krmx.Execution;
using Krmx.Protocol;

namespace Krmx.Transport;

/// <summary>An open connection: assembles whole messages, sends in order, and ends exactly once.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Released by work items after the end; without its wait handle it holds nothing.")]
internal sealed class SocketTransport(WebSocket socket, KrmxClientOptions options)
{
    /// <summary>How many frames may wait to be handled; the server waits when they do.</summary>
    private const int MaxFramesInMailbox = 16;

    private const int BufferSize = 4096;

    /// <summary>What a browser calls the end of a connection that was not closed (RFC 6455, section 7.4.1).</summary>
    private const WebSocketCloseStatus NoGoodbye = (WebSocketCloseStatus)1006;

    private readonly SemaphoreSlim _credits = new(MaxFramesInMailbox);
    private readonly Outbox _outbox = new(socket);
    private KrmxClose? _ownClose;
    private ITimer? _closeTimer;

    public long QueuedBytes => _outbox.QueuedBytes;

    public void Send(ReadOnlyMemory<byte> frame, Completion written) => _outbox.Send(frame, written);

    /// <summary>A received frame has been handled.</summary>
    public void FrameHandled() => _credits.Release();

    /// <summary>Says goodbye after what was sent; the server has the close timeout to answer.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        var close = new KrmxClose(status, reason, null);
        if (Interlocked.CompareExchange(ref _ownClose, close, null) is not null)
            return;
        AbortAfterCloseTimeout();
        _outbox.CloseAsync(close).Observe();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Abort(Exception why)
    {
        Interlocked.CompareExchange(ref _ownClose, new KrmxClose(null, null, why), null);
        socket.Abort();
    }

    /// <summary>Receives until the connection ends; never throws.</summary>
    /// <param name="received">Given every message; answered with <see cref="FrameHandled"/>.</param>
    /// <returns>How it ended; nothing is received or sent after that.</returns>
    public async Task<KrmxClose> RunAsync(Action<InboundFrame> received)
    {
        KrmxClose end = await ReceiveAllAsync(received).ConfigureAwait(false);
        _outbox.End(KrmxDisconnectedException.Of("cannot send", end));
        _closeTimer?.Dispose();
        socket.Dispose();
        return end;
    }

    private async Task<KrmxClose> ReceiveAllAsync(Action<InboundFrame> received)
    {
        try
        {
            byte[] buffer = new byte[BufferSize];
            int length = 0;
            while (true)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(length), default).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                    return await AnswerCloseAsync().ConfigureAwait(false);
                if (_ownClose is not null)
                    continue; // only the server's goodbye is of interest now
                length += part.Count;
                if (length > options.Limits.MaxMessageBytes)
                {
                    Close(WebSocketCloseStatus.MessageTooBig, $"a message may have at most {options.Limits.MaxMessageBytes} bytes");
                    length = 0;
                }
                else if (part.EndOfMessage)
                {
                    await _credits.WaitAsync().ConfigureAwait(false);
                    received(Read(part.MessageType, buffer.AsSpan(0, length)));
                    length = 0;
                    if (buffer.Length > BufferSize)
                        buffer = new byte[BufferSize];
                }
                else if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, (int)Math.Min(2L * length, options.Limits.MaxMessageBytes + 1L));
                }
            }
        }
        catch (Exception error)
        {
            // Whatever receiving fails with, no more can be received.
            KrmxClose end = _ownClose ?? ReceivedClose() ?? new KrmxClose(null, null, error);
            socket.Abort();
            return end;
        }
    }

    /// <summary>The server's goodbye, or null. Browsers fail the reception with it, and make one up where there was none.</summary>
    private KrmxClose? ReceivedClose() => socket.CloseStatus is WebSocketCloseStatus status && status != NoGoodbye
        ? new KrmxClose(status, socket.CloseStatusDescription, null)
        : null;

    private InboundFrame Read(WebSocketMessageType type, ReadOnlySpan<byte> message) =>
        type == WebSocketMessageType.Text
            ? InboundFrame.Parse(message.ToArray(), options.Limits.MaxJsonDepth)
            : InboundFrame.Invalid(message.Length);

    private async Task<KrmxClose> AnswerCloseAsync()
    {
        KrmxClose close = ReceivedClose() ?? new KrmxClose(WebSocketCloseStatus.NormalClosure, null, null);
        if (Interlocked.CompareExchange(ref _ownClose, close, null) is KrmxClose own)
            return own;
        AbortAfterCloseTimeout();
        try
        {
            var answer = new KrmxClose(close.Status, null, null);
            await _outbox.CloseAsync(answer).ConfigureAwait(false);
        }
        catch (KrmxDisconnectedException)
        {
            // The server did not wait for the answer.
        }
        return close;
    }

    private void AbortAfterCloseTimeout() => _closeTimer = options.TimeProvider.CreateTimer(
        static socket => ((WebSocket)socket!).Abort(), socket, options.Timeouts.Close, Timeout.InfiniteTimeSpan);
}

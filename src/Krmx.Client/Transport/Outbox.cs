using System.Net.WebSockets;
using Krmx.Execution;

namespace Krmx.Transport;

/// <summary>The frames on their way to the server, in order; any thread may call.</summary>
internal sealed class Outbox(WebSocket socket)
{
    private readonly object _gate = new();
    private readonly Queue<Item> _items = new();
    private Completion? _inFlight;
    private Exception? _end;
    private long _queuedBytes;
    private bool _isWriting;

    /// <summary>How many bytes wait or are being written.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Sends a text frame.</summary>
    /// <param name="frame">Its text.</param>
    /// <param name="written">Told when it is with the operating system, or that it never will be.</param>
    public void Send(ReadOnlyMemory<byte> frame, Completion written) => Add(new Item(frame, null, written));

    /// <summary>Sends the close frame, after all that waits.</summary>
    public Task CloseAsync(KrmxClose close)
    {
        var written = new Completion();
        Add(new Item(default, close, written));
        return written.Task;
    }

    /// <summary>Takes no more, and fails what waits or is being written.</summary>
    public void End(Exception error)
    {
        lock (_gate)
        {
            _end ??= error;
            _inFlight?.Fail(error);
            while (_items.TryDequeue(out Item item))
                item.Written.Fail(error);
        }
    }

    private void Add(in Item item)
    {
        Exception? end;
        lock (_gate)
        {
            end = _end;
            if (end is null)
            {
                _items.Enqueue(item);
                Interlocked.Add(ref _queuedBytes, item.Frame.Length);
                if (_isWriting)
                    return;
                _isWriting = true;
            }
        }
        if (end is null)
            WriteAsync().Observe();
        else
            item.Written.Fail(end);
    }

    private async Task WriteAsync()
    {
        while (TryTakeNext(out Item item))
        {
            try
            {
                if (item.Close is KrmxClose close)
                    await socket.CloseOutputAsync(close.Status!.Value, close.Reason, CancellationToken.None).ConfigureAwait(false);
                else
                    await socket.SendAsync(item.Frame, WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
                Interlocked.Add(ref _queuedBytes, -item.Frame.Length);
                item.Written.Succeed();
            }
            catch (Exception error)
            {
                End(new KrmxDisconnectedException("cannot send: the connection was lost", error) { IsTransient = true });
                socket.Abort(); // the reading side reports the end
            }
        }
    }

    private bool TryTakeNext(out Item item)
    {
        lock (_gate)
        {
            _isWriting = _items.TryDequeue(out item);
            _inFlight = _isWriting ? item.Written : null;
            return _isWriting;
        }
    }

    private readonly record struct Item(ReadOnlyMemory<byte> Frame, KrmxClose? Close, Completion Written);
}

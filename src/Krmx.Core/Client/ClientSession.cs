namespace Krmx.Client;

/// <summary>A client's half of a session: what it has sent and the server has not confirmed, and how much it has received (protocol section 10).</summary>
/// <param name="number">The attempt that began it, by which the server knows it.</param>
internal sealed class ClientSession(long number)
{
    // Those up to the written ones come first.
    private readonly Queue<PendingFrame> _pending = new();
    private long _confirmed;

    public long Number => number;

    /// <summary>Whether the client has been told all that a newcomer is, so that what comes counts and the session can be recovered.</summary>
    public bool IsReady { get; set; }

    /// <summary>How many frames of the server were received.</summary>
    public long Received { get; set; }

    /// <summary>How many of these the server has been told.</summary>
    public long ReceivedTold { get; set; }

    /// <summary>How many bytes of payload those have that it has not been told.</summary>
    public long BytesUntold { get; set; }

    /// <summary>The number of the last frame that was sent on the connection that there is.</summary>
    public long Written { get; private set; }

    /// <summary>How many bytes the frames have that wait for the server to confirm them.</summary>
    public long PendingBytes { get; private set; }

    private long Last => _confirmed + _pending.Count;

    /// <summary>Takes in a frame that is to arrive once, whatever becomes of connections.</summary>
    public void Add(in PendingFrame frame)
    {
        _pending.Enqueue(frame);
        PendingBytes += frame.Frame.Length;
    }

    /// <summary>The frames that were not sent on the connection that there is; they count as sent from here on.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Write()
    {
        int written = (int)(Written - _confirmed);
        Written = Last;
        return _pending.Skip(written).Select(static pending => pending.Frame);
    }

    /// <summary>Takes in how many frames the server has handled.</summary>
    /// <returns>False where that cannot be; nothing has changed then.</returns>
    public bool TryConfirm(long received)
    {
        if (received < _confirmed || received > Written)
            return false;
        for (; _confirmed < received; _confirmed++)
            PendingBytes -= _pending.Dequeue().Frame.Length;
        return true;
    }

    /// <summary>Begins on another connection, where the server says how many it has handled.</summary>
    /// <returns>False where that cannot be; nothing has changed then.</returns>
    public bool TryGoOn(long received)
    {
        if (!TryConfirm(received))
            return false;
        Written = received;
        return true;
    }

    /// <summary>Takes out what waits for the server.</summary>
    public PendingFrame[] TakePending()
    {
        PendingFrame[] taken = [.. _pending];
        _pending.Clear();
        PendingBytes = 0;
        return taken;
    }
}

/// <summary>A frame that the server has not confirmed.</summary>
/// <param name="Frame">Its text.</param>
/// <param name="Message">The message of the application that it is; null for what is good for one session alone.</param>
internal readonly record struct PendingFrame(ReadOnlyMemory<byte> Frame, KrmxMessage? Message);

using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What a room knows of a connection.</summary>
internal sealed class RoomConnection(ConnectionId id, KrmxConnectionInfo facts)
{
    private Queue<InboundFrame>? _pending;
    private int _pendingBytes;

    public ConnectionId Id { get; } = id;

    /// <summary>What authentication may want to know of it.</summary>
    public KrmxConnectionInfo Facts { get; } = facts;

    /// <summary>The user it is linked to.</summary>
    public KrmxUser? User { get; set; }

    /// <summary>Whether its link has the extension presence; means nothing while it is not linked.</summary>
    public bool HasPresence { get; set; }

    /// <summary>Its link; means nothing while it is not linked.</summary>
    public KrmxLink? Link { get; set; }

    /// <summary>Its link attempt, while undecided.</summary>
    public LinkAttempt? Attempt { get; set; }

    /// <summary>The challenge that it has not answered; null while it is not asked whether it is alive.</summary>
    public Challenge? Challenge { get; set; }

    /// <summary>Whether it is closing or gone: what it sent is ignored, and nothing is sent to it.</summary>
    public bool IsClosing { get; set; }

    public bool HasPending => _pending is { Count: > 0 };

    /// <summary>Whether the frame that waited longest has its place among the events already; it must not have two.</summary>
    public bool IsPendingDue { get; set; }

    /// <summary>Whether frames wait, so that a new one must wait behind them.</summary>
    public bool IsBusy => Attempt is not null || HasPending;

    /// <summary>Lets a frame wait for the decision about the link attempt.</summary>
    /// <returns>False, and the frame is not kept, where a limit would be passed.</returns>
    public bool TryPend(in InboundFrame frame, int maxFrames, int maxBytes)
    {
        if ((_pending?.Count ?? 0) >= maxFrames || frame.Length > maxBytes - _pendingBytes)
            return false;
        (_pending ??= new Queue<InboundFrame>()).Enqueue(frame);
        _pendingBytes += frame.Length;
        return true;
    }

    public InboundFrame TakePending()
    {
        InboundFrame frame = _pending!.Dequeue();
        _pendingBytes -= frame.Length;
        return frame;
    }

    public void DropPending()
    {
        _pending = null;
        _pendingBytes = 0;
    }
}

namespace Krmx.Rooms;

internal enum RoomEventKind
{
    Open,
    Join,
    Link,
    Message,
    Unlink,
    Leave,
    Close,

    /// <summary>Not an event but its place in their order: the join listeners have been called, the link goes on.</summary>
    FinishLink,

    /// <summary>Not an event but its place in their order: the frame that waited longest for a link attempt's decision is next.</summary>
    HandlePending,

    /// <summary>Not an event but its place in their order: the next alarm that is due rings.</summary>
    RingAlarm,
}

/// <summary>Something to be done when all that came before it is done.</summary>
internal readonly record struct RoomEvent(
    RoomEventKind Kind,
    KrmxUser? User = null,
    KrmxMessage Message = default,
    UnlinkReason Reason = default,
    LinkAttempt? Attempt = null,
    RoomConnection? Connection = null);

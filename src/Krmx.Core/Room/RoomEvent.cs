namespace Krmx.Rooms;

internal enum RoomEventKind
{
    Open,
    Join,
    Link,
    Message,
    Unlink,
    Leave,
    SessionEnd,
    Close,

    /// <summary>Not an event but its place in their order: those who listen to a join, or to an unlink that made way, have been called; the link goes on.</summary>
    FinishLink,

    /// <summary>Not an event but its place in their order: the next of the connections that did not answer a challenge loses its user.</summary>
    ReplaceSilent,

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
    RoomConnection? Connection = null,
    SessionEndReason SessionEnd = default);

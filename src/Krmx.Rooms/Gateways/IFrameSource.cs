namespace Krmx.Rooms;

/// <summary>A connection as its room sees it: frames come from it, and it is told when each has been handled, so that it may send more.</summary>
internal interface IFrameSource
{
    /// <summary>The connection's name.</summary>
    ConnectionId Id { get; }

    /// <summary>The room has taken a frame from its mailbox; called in the room's turn.</summary>
    void FrameHandled();
}

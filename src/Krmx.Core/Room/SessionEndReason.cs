namespace Krmx;

/// <summary>Why a session ended, so that its client cannot go on where it left off. Protocol section 10.</summary>
public enum SessionEndReason
{
    /// <summary>The client asked to be unlinked, or the application unlinked its user.</summary>
    Unlinked,

    /// <summary>The user left.</summary>
    Left,

    /// <summary>Another link has the user: somebody else's, or one of the same client that begins anew.</summary>
    Replaced,

    /// <summary>The client broke the protocol, or sent more than it may.</summary>
    ProtocolViolation,

    /// <summary>No connection came back for it in time.</summary>
    Expired,

    /// <summary>The room kept so much for it that it had to let go of the oldest.</summary>
    Overflowed,

    /// <summary>Its connection was lost before it had been sent all that a newcomer is.</summary>
    NotReady,

    /// <summary>The room closes.</summary>
    RoomClosed,
}

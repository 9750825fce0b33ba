namespace Krmx.Client;

/// <summary>What moves a client from phase to phase: calls of its driver, and what the server says about the client itself.</summary>
internal enum ClientSignal
{
    /// <summary>Call: a connection is being made.</summary>
    Connecting,

    /// <summary>Call: the connection is open.</summary>
    Connected,

    /// <summary>Call: the connection is being closed, or its making ended.</summary>
    Closing,

    /// <summary>Call: the connection was lost, and another one is being made.</summary>
    Lost,

    /// <summary>Call: the connection was lost, and the link goes on with another one.</summary>
    Suspended,

    /// <summary>Call: the link that was to go on is not wanted any more.</summary>
    Abandon,

    /// <summary>Call: there is no connection, and none is being made.</summary>
    Disconnected,

    /// <summary>Call: ask for a link.</summary>
    Link,

    /// <summary>Call: ask for the link's end.</summary>
    Unlink,

    /// <summary>Call: ask for the user's end.</summary>
    Leave,

    /// <summary>Call: send a message.</summary>
    Send,

    /// <summary>The link was accepted.</summary>
    Accepted,

    /// <summary>The link was accepted, and goes on where it left off.</summary>
    Recovered,

    /// <summary>The link was rejected, with the name of a version that the client speaks, too.</summary>
    Mismatched,

    /// <summary>The link was rejected.</summary>
    Rejected,

    /// <summary>The own user is linked.</summary>
    OwnLinked,

    /// <summary>The own user is linked, and what a newcomer is told has not come to its end.</summary>
    OwnLinkedEarly,

    /// <summary>What a newcomer is told has come to its end.</summary>
    Ready,

    /// <summary>The own user is unlinked.</summary>
    OwnUnlinked,

    /// <summary>The own user has left, who was unlinked before.</summary>
    OwnLeft,

    /// <summary>Something that was sent came too late: the server had unlinked the user.</summary>
    TooLate,
}

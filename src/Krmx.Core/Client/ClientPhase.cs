namespace Krmx.Client;

/// <summary>Where a client is, finer than <see cref="ClientStatus"/>: a row each in <see cref="ClientTransitions"/>.</summary>
internal enum ClientPhase
{
    /// <summary>There is no connection, and none is being made.</summary>
    Disconnected,

    /// <summary>The first connection is being made.</summary>
    Connecting,

    /// <summary>A connection was lost, and another one is being made.</summary>
    Reconnecting,

    /// <summary>The same, and the link goes on with that connection.</summary>
    Away,

    /// <summary>There is another connection, on which the link is to go on.</summary>
    Back,

    /// <summary>The server was asked to let the link go on.</summary>
    Resuming,

    /// <summary>The making of a connection is being ended.</summary>
    Stopping,

    /// <summary>Connected, without a user; one who was unlinked a moment ago may still be told to have left.</summary>
    Connected,

    /// <summary>A link was asked for and is not decided.</summary>
    Linking,

    /// <summary>A link was asked for once more, with a version that the server's refusal had named.</summary>
    FallingBack,

    /// <summary>The link was accepted, and the users come; with the own one among the linked ones it is made.</summary>
    Entering,

    /// <summary>Linked to a server with the extension presence, which has still to say that the newcomer has been told all.</summary>
    Arriving,

    /// <summary>Linked.</summary>
    Linked,

    /// <summary>The end of the link was asked for.</summary>
    Unlinking,

    /// <summary>The end of the user was asked for; the user is linked still.</summary>
    Leaving,

    /// <summary>The end of the user was asked for, and the user is unlinked: left follows, or a refusal, since the server was faster.</summary>
    Left,

    /// <summary>The connection is being closed, and nothing is heard any more.</summary>
    Closing,
}

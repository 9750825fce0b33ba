namespace Krmx.Links;

/// <summary>What changes what a client wants of its link.</summary>
internal enum LinkSignal
{
    /// <summary>The application asks for a link.</summary>
    Call,

    /// <summary>The application no longer waits for the link it asked for.</summary>
    Cancel,

    /// <summary>The application ends the link.</summary>
    Release,

    /// <summary>The server is being asked.</summary>
    Request,

    /// <summary>The proof failed, or the server could not be asked.</summary>
    Fail,

    /// <summary>The time for linking again is over.</summary>
    GiveUp,

    /// <summary>The link is made.</summary>
    Made,

    /// <summary>The server rejected it.</summary>
    Rejected,

    /// <summary>The server has the user on another connection, probably the one that was lost.</summary>
    Conflicted,

    /// <summary>The server ended the link.</summary>
    EndedByServer,

    /// <summary>There is a connection again.</summary>
    Reconnected,

    /// <summary>The connection was lost, and is made again.</summary>
    Dropped,

    /// <summary>The same, by the goodbye of a server that had let all users leave just before.</summary>
    Farewell,

    /// <summary>The connection has ended for good.</summary>
    Gone,
}

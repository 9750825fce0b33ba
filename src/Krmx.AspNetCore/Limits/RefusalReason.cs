namespace Krmx;

/// <summary>Why an endpoint refused a connection before any room knew of it.</summary>
public enum RefusalReason
{
    /// <summary>There are <see cref="KrmxConnectionOptions.Max"/> connections; the client is told 1013, try again later.</summary>
    TooManyConnections,

    /// <summary>There are <see cref="KrmxConnectionOptions.MaxUnlinked"/> unlinked connections; the client is told 1013, try again later.</summary>
    TooManyUnlinkedConnections,

    /// <summary>There are <see cref="KrmxRoomLifeOptions.Max"/> rooms, and the connection's would be another; the client is told 1013, try again later.</summary>
    TooManyRooms,

    /// <summary>
    /// There are <see cref="KrmxConnectionOptions.MaxUnlinkedPerAddress"/> unlinked connections from the address; the client is told 1013, try
    /// again later.
    /// </summary>
    TooManyUnlinkedFromAddress,

    /// <summary>
    /// There are connections from the address in <see cref="KrmxConnectionOptions.MaxRoomsPerAddress"/> other rooms; the client is told 1013,
    /// try again later.
    /// </summary>
    TooManyRoomsFromAddress,

    /// <summary>The query is not as <see cref="KrmxConnectionOptions.ExpectedQuery"/> says; the client is told 1008.</summary>
    UnexpectedQuery,
}

namespace Krmx.Rooms;

/// <summary>The kinds of rejection, for logs and metrics: few and fixed, where the reasons' texts carry names.</summary>
public enum RejectionKind
{
    /// <summary>A frame that is no message.</summary>
    InvalidMessage,

    /// <summary>A message other than a link request from a connection without a user.</summary>
    UnlinkedConnection,

    /// <summary>A link request whose payload is malformed.</summary>
    InvalidLinkRequest,

    /// <summary>A client that speaks a version the server does not.</summary>
    VersionMismatch,

    /// <summary>A name that is no username.</summary>
    InvalidUsername,

    /// <summary>A new user where none are accepted.</summary>
    NoNewUsers,

    /// <summary>A new user where there are as many as there may be, and nobody can be let go.</summary>
    TooManyUsers,

    /// <summary>A user who is linked to another connection.</summary>
    AlreadyLinked,

    /// <summary>A user who joined or left while the link was being authenticated.</summary>
    UserChanged,

    /// <summary>A link attempt that a later one of the same client has overtaken.</summary>
    StaleAttempt,

    /// <summary>A client that wants to go on as a user who has left.</summary>
    HasLeft,

    /// <summary>Authentication said no, or failed.</summary>
    Authentication,

    /// <summary>Authentication took too long.</summary>
    AuthenticationTimeout,
}

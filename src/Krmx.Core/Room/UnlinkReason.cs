namespace Krmx;

/// <summary>Why a user's tie to a connection ended.</summary>
public enum UnlinkReason
{
    /// <summary>The client asked for it.</summary>
    Requested,

    /// <summary>The connection closed or was lost.</summary>
    ConnectionClosed,

    /// <summary>The connection did not read fast enough, and more than its cap was waiting to be sent (protocol section 8, item 9).</summary>
    TooSlow,

    /// <summary>The connection was silent for too long (protocol section 7).</summary>
    TimedOut,

    /// <summary>The client broke the protocol: an invalid message, or a reserved type.</summary>
    ProtocolViolation,

    /// <summary>The application called <see cref="KrmxRoomCore.Unlink(string)"/>.</summary>
    Application,

    /// <summary>The user left: asked by the client, or kicked by the application.</summary>
    Left,

    /// <summary>Another connection took the user over.</summary>
    Replaced,

    /// <summary>The server is closing.</summary>
    ServerClosing,

    /// <summary>The client sent more messages, or link requests, than the server's options allow in the time.</summary>
    RateExceeded,

    /// <summary>The server was stopped, or has crashed, and the room goes on where it was: told when it has opened again.</summary>
    ServerRestarted,
}

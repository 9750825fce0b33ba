namespace Krmx;

/// <summary>The WebSocket close codes the server uses.</summary>
public enum CloseCode
{
    /// <summary>1000: the peer asked for it.</summary>
    Normal = 1000,

    /// <summary>1001: the server, or the room, is closing (protocol section 4).</summary>
    GoingAway = 1001,

    /// <summary>1008: the connection broke a rule: query parameters (section 7), too much sent during a link attempt (section 8), too much sent in the time.</summary>
    PolicyViolation = 1008,

    /// <summary>1009: a message over the size limit (section 8).</summary>
    MessageTooBig = 1009,

    /// <summary>1011: the server failed.</summary>
    InternalError = 1011,

    /// <summary>1012: the server's process stops, and another is expected in its place: come back, after a random while (section 7).</summary>
    ServiceRestart = 1012,

    /// <summary>1013: the server has as much as it may have, of connections or rooms: try again later.</summary>
    TryAgainLater = 1013,

    /// <summary>4410: the room was deleted for good; there is nothing to come back to (section 7).</summary>
    Deleted = 4410,
}

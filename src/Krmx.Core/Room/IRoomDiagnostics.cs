namespace Krmx.Rooms;

/// <summary>What a room reports for logs and metrics; nothing depends on it, and no member may throw.</summary>
public interface IRoomDiagnostics
{
    /// <summary>A message was rejected.</summary>
    /// <param name="connection">Whose it was.</param>
    /// <param name="kind">The kind of rejection.</param>
    /// <param name="reason">What the client is told.</param>
    void Rejected(ConnectionId connection, RejectionKind kind, string reason);

    /// <summary>A linked client broke the protocol and was unlinked.</summary>
    /// <param name="connection">Where from.</param>
    /// <param name="username">The user who was linked to it.</param>
    /// <param name="messageType">The type it sent; null for a frame that was no message.</param>
    void ProtocolViolated(ConnectionId connection, string username, string? messageType);

    /// <summary>A user's message had a payload of another type than its listener reads; that listener was not called.</summary>
    void PayloadRefused(string username, string messageType, Exception error);

    /// <summary>A listener threw; nothing else is touched by it.</summary>
    /// <param name="eventName">The event it listened to.</param>
    /// <param name="error">What it threw.</param>
    void ListenerFailed(string eventName, Exception error);
}

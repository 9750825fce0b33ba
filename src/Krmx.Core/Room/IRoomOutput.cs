namespace Krmx.Rooms;

/// <summary>What a server does to the world, in order; implemented by its host.</summary>
/// <remarks>
/// Called in the middle of a transition, so an implementation does not call the server's inputs; what goes wrong – a connection whose cap is
/// reached, say – comes back as an input later. No member may throw.
/// </remarks>
public interface IRoomOutput
{
    /// <summary>Sends a frame's text to one connection.</summary>
    void Send(ConnectionId connection, ReadOnlyMemory<byte> frame);

    /// <summary>Sends several frames' texts to one connection, in this order: what a newcomer is told of a whole room.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="frames">The texts; the span is valid during the call, and the texts are never written to afterwards.</param>
    void Send(ConnectionId connection, ReadOnlySpan<ReadOnlyMemory<byte>> frames)
    {
        foreach (ReadOnlyMemory<byte> frame in frames)
            Send(connection, frame);
    }

    /// <summary>Sends one frame's text to several connections, in this order.</summary>
    /// <param name="connections">The connections; valid during the call.</param>
    /// <param name="frame">The text; never written to afterwards.</param>
    void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame);

    /// <summary>Closes a connection after what was sent to it, in bounded time; the host then reports it closed.</summary>
    void Close(ConnectionId connection, CloseCode code, string description);

    /// <summary>Starts an authentication.</summary>
    /// <param name="attempt">The attempt to answer for.</param>
    /// <param name="request">Who asks for what.</param>
    /// <param name="timeout">The time after which <see cref="IRoomInput.AuthenticationTimedOut"/> is due.</param>
    /// <returns>The decision where it is known at once; null where it, or the timeout, follows as an input.</returns>
    LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout);

    /// <summary>Ends an authentication that nobody waits for any more: its timer goes, its work is cancelled, its answer will be ignored.</summary>
    void CancelAuthentication(AttemptId attempt);

    /// <summary>A message was rejected; for logs and metrics, the frame was sent already.</summary>
    void Rejected(ConnectionId connection, RejectionKind kind, string reason);

    /// <summary>A linked client broke the protocol and was unlinked; for logs and metrics.</summary>
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

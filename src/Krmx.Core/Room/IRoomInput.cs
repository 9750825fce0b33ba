using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>What happens to a server; called by its host, one call at a time, never from inside an output or a listener.</summary>
/// <remarks>
/// Inputs about connections and attempts that are over are ignored: they cross with the server's own decisions on their way.
/// An input that no correct host gives – a second opening, a call from inside a listener – throws <see cref="InvalidOperationException"/>
/// and changes nothing.
/// </remarks>
public interface IRoomInput
{
    /// <summary>The host is about to listen.</summary>
    void Starting();

    /// <summary>The host could not listen; it may start again.</summary>
    void StartFailed();

    /// <summary>The host listens.</summary>
    /// <param name="port">The port, or 0 where the server shares one that is not its own.</param>
    void Listening(int port);

    /// <summary>The server is to close: every user leaves and every connection is told to close (protocol section 4).</summary>
    /// <param name="code">What connections are told: <see cref="CloseCode.ServiceRestart"/> where the process stops.</param>
    void Close(CloseCode code = CloseCode.GoingAway);

    /// <summary>A connection opened.</summary>
    /// <param name="connection">Its name.</param>
    void ConnectionOpened(ConnectionId connection);

    /// <summary>A frame arrived.</summary>
    /// <param name="connection">Where from.</param>
    /// <param name="frame">The frame.</param>
    void FrameReceived(ConnectionId connection, InboundFrame frame);

    /// <summary>A connection is gone; nothing may be sent to it any more.</summary>
    /// <param name="connection">Its name.</param>
    /// <param name="reason">Why; what the application is told if a user was linked to it.</param>
    void ConnectionClosed(ConnectionId connection, UnlinkReason reason = UnlinkReason.ConnectionClosed);

    /// <summary>An authentication has been decided.</summary>
    /// <param name="attempt">Which one.</param>
    /// <param name="result">The decision.</param>
    void AuthenticationCompleted(AttemptId attempt, LinkResult result);

    /// <summary>An authentication's time is over.</summary>
    /// <param name="attempt">Which one.</param>
    void AuthenticationTimedOut(AttemptId attempt);
}

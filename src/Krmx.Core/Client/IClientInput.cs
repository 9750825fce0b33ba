using Krmx.Protocol;

namespace Krmx.Client;

/// <summary>What happens to a client, and what it is asked to do; called by its driver, one call at a time.</summary>
/// <remarks>A call that the client's status does not allow throws <see cref="KrmxException"/> and changes nothing.</remarks>
public interface IClientInput
{
    /// <summary>The driver makes a connection, the first one.</summary>
    void Connecting();

    /// <summary>The connection is open.</summary>
    void Connected();

    /// <summary>The driver closes the connection.</summary>
    void Closing();

    /// <summary>The connection was lost, and the driver makes another one.</summary>
    /// <param name="relinks">
    /// Whether it asks for the link again there. Where the link has a session it stays as it is meanwhile, and may go on; <see cref="Abandon"/> ends it.
    /// </param>
    void Lost(bool relinks = true);

    /// <summary>The link that was to go on with another connection is not wanted any more; nothing where there is none.</summary>
    void Abandon();

    /// <summary>There is no connection any more, or none could be made, and the driver makes no other.</summary>
    void Disconnected();

    /// <summary>A frame arrived. Ignored unless the client is connected, and not closing.</summary>
    void FrameReceived(InboundFrame frame);

    /// <summary>Asks for a link; <see cref="IClientOutput.RequestEnded"/> answers.</summary>
    /// <param name="username">The user to be.</param>
    /// <param name="auth">What proves it; null for nothing.</param>
    /// <param name="retriesConflict">
    /// Whether the driver asks again while the user is linked to another connection: that is no rejection to tell the listeners then.
    /// </param>
    /// <exception cref="ArgumentException">The username or the auth text has a lone surrogate.</exception>
    void Link(string username, string? auth, bool retriesConflict = false);

    /// <summary>Asks for the link's end; <see cref="IClientOutput.RequestEnded"/> answers.</summary>
    void Unlink();

    /// <summary>Asks for the user's end; <see cref="IClientOutput.RequestEnded"/> answers.</summary>
    void Leave();

    /// <summary>Sends a message of the application.</summary>
    /// <exception cref="KrmxQueueFullException">Too much waits to be sent already.</exception>
    void Send(in KrmxMessage message);

    /// <summary>Sends a message of the application that may be lost, and is where it cannot go at once.</summary>
    void SendVolatile(in KrmxMessage message);
}

using Krmx.Protocol;

namespace Krmx.Client;

/// <summary>What happens to a client, and what it is asked to do; called by its host, one call at a time.</summary>
/// <remarks>A call that the client's status does not allow throws <see cref="KrmxException"/> and changes nothing.</remarks>
public interface IClientInput
{
    /// <summary>The host makes a connection.</summary>
    /// <param name="again">Whether it replaces one that was lost.</param>
    void Connecting(bool again);

    /// <summary>The connection is open.</summary>
    void Connected();

    /// <summary>The host closes the connection.</summary>
    void Closing();

    /// <summary>There is no connection any more, or none could be made.</summary>
    void Disconnected();

    /// <summary>A frame arrived.</summary>
    void FrameReceived(InboundFrame frame);

    /// <summary>Asks for a link; <see cref="IClientOutput.LinkEnded"/> answers.</summary>
    /// <param name="username">The user to be.</param>
    /// <param name="auth">What proves it; null for nothing.</param>
    void Link(string username, string? auth);

    /// <summary>Asks for the link's end; <see cref="IClientOutput.UnlinkEnded"/> answers.</summary>
    void Unlink();

    /// <summary>Asks for the user's end; <see cref="IClientOutput.LeaveEnded"/> answers.</summary>
    void Leave();

    /// <summary>Sends a message of the application.</summary>
    void Send(in KrmxMessage message);
}

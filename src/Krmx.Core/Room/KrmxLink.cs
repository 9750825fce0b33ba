using System.Security.Claims;

namespace Krmx;

/// <summary>A link of a user: how it came about, and what is known of its connection. Plain data.</summary>
public sealed class KrmxLink
{
    internal KrmxLink()
    {
    }

    /// <summary>Whether the client goes on where it left off: it was sent, or is being sent, all it has missed. Protocol section 10.</summary>
    public bool IsRecovered { get; init; }

    /// <summary>The protocol version the client speaks.</summary>
    public ProtocolVersion Version { get; init; }

    /// <summary>
    /// Who the client is: as authentication said with <see cref="LinkResult.AcceptAs"/>, or else as the server found when the connection was made.
    /// </summary>
    public ClaimsPrincipal Principal { get; init; } = KrmxConnectionInfo.Unknown.Principal;

    /// <summary>What is known of the connection: who the server's own authentication found, the request's headers and query.</summary>
    public KrmxConnectionInfo Connection { get; init; } = KrmxConnectionInfo.Unknown;
}

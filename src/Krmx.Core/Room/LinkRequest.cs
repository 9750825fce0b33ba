namespace Krmx;

/// <summary>A link request to be decided: who wants to be whom, and what is known of the connection. Plain data.</summary>
public sealed class LinkRequest
{
    /// <summary>The user the client wants to be; a valid username.</summary>
    public required string Username { get; init; }

    /// <summary>The text the client sent along to prove it may; null when it sent none.</summary>
    public string? Auth { get; init; }

    /// <summary>Whether the link would create the user. A decision holds only as long as this does.</summary>
    public bool IsNewUser { get; init; }

    /// <summary>The protocol version the client speaks.</summary>
    public ProtocolVersion Version { get; init; }

    /// <summary>What is known of the connection.</summary>
    public KrmxConnectionInfo Connection { get; init; } = KrmxConnectionInfo.Unknown;
}

namespace Krmx;

/// <summary>The server rejected a link (protocol section 4); the connection stays open.</summary>
public sealed class KrmxLinkRejectedException : KrmxException
{
    /// <summary>Makes one.</summary>
    /// <param name="username">The user that was asked for.</param>
    /// <param name="reason">The server's reason.</param>
    public KrmxLinkRejectedException(string username, string reason)
        : base($"cannot link as '{username}': {reason}")
    {
        Username = username;
        Reason = reason;
    }

    /// <summary>The user that was asked for.</summary>
    public string Username { get; }

    /// <summary>The server's reason, as it sent it.</summary>
    public string Reason { get; }
}

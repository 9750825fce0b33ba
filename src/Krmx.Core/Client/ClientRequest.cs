namespace Krmx.Client;

/// <summary>What a client asks of its server, one at a time.</summary>
public enum ClientRequest
{
    /// <summary>To be linked to a user.</summary>
    Link,

    /// <summary>To be linked no longer.</summary>
    Unlink,

    /// <summary>That its user leaves.</summary>
    Leave,
}

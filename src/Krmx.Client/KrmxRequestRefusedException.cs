namespace Krmx;

/// <summary>The server's application refused a request; the connection stays open.</summary>
public sealed class KrmxRequestRefusedException : KrmxException
{
    /// <summary>Makes one.</summary>
    /// <param name="type">The type of the request.</param>
    /// <param name="reason">The server's reason.</param>
    public KrmxRequestRefusedException(string type, string reason)
        : base($"the server refused '{type}': {reason}")
    {
        Type = type;
        Reason = reason;
    }

    /// <summary>The type of the request.</summary>
    public string Type { get; }

    /// <summary>The server's reason, as it sent it.</summary>
    public string Reason { get; }
}

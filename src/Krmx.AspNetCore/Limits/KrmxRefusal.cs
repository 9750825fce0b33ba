namespace Krmx;

/// <summary>A connection that an endpoint refused.</summary>
public sealed class KrmxRefusal
{
    /// <summary>Why.</summary>
    public required RefusalReason Reason { get; init; }

    /// <summary>Who it was.</summary>
    public required KrmxConnectionInfo Connection { get; init; }
}

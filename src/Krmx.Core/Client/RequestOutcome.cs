namespace Krmx.Client;

/// <summary>How a request to the server ended.</summary>
public readonly record struct RequestOutcome
{
    /// <summary>Makes an outcome.</summary>
    /// <param name="kind">How the request ended.</param>
    /// <param name="reason">The server's reason, where it rejected.</param>
    public RequestOutcome(RequestOutcomeKind kind, string? reason = null)
    {
        Kind = kind;
        Reason = reason;
    }

    /// <summary>How the request ended.</summary>
    public RequestOutcomeKind Kind { get; init; }

    /// <summary>The server's reason, where it rejected; null where it did not.</summary>
    public string? Reason { get; init; }

    internal static RequestOutcome Done => new(RequestOutcomeKind.Done);

    internal static RequestOutcome Disconnected => new(RequestOutcomeKind.Disconnected);

    internal static RequestOutcome Conflict(string reason) => new(RequestOutcomeKind.Conflict, reason);

    internal static RequestOutcome Rejected(string reason) => new(RequestOutcomeKind.Rejected, reason);
}

/// <summary>The ways a request to the server ends.</summary>
public enum RequestOutcomeKind
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>The server rejected it.</summary>
    Rejected,

    /// <summary>The user is linked to another connection, which the driver said it would wait for.</summary>
    Conflict,

    /// <summary>The server ended the link before it was done.</summary>
    Unlinked,

    /// <summary>The connection was lost before it was answered.</summary>
    Disconnected,
}

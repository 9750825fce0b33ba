namespace Krmx.Client;

/// <summary>How a request to the server ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Reason">The server's reason, where it rejected.</param>
public readonly record struct RequestOutcome(RequestOutcomeKind Kind, string? Reason = null)
{
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

namespace Krmx.State;

/// <summary>What became of something that was dispatched.</summary>
public readonly record struct DispatchResult
{
    /// <summary>Makes a result.</summary>
    /// <param name="status">What became of it.</param>
    /// <param name="reason">Why it was refused; null unless it was.</param>
    public DispatchResult(DispatchStatus status, string? reason = null)
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>What became of it.</summary>
    public DispatchStatus Status { get; init; }

    /// <summary>Why it was refused; null unless it was.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it was accepted, even if it changed nothing.</summary>
    public bool IsAccepted => Status == DispatchStatus.Accepted;

    internal static DispatchResult Accepted => new(DispatchStatus.Accepted);

    internal static DispatchResult Refused(string reason) => new(DispatchStatus.Refused, reason);
}

/// <summary>What can become of something that was dispatched.</summary>
public enum DispatchStatus
{
    /// <summary>The server accepted it.</summary>
    Accepted,

    /// <summary>It was refused, and changed nothing.</summary>
    Refused,

    /// <summary>
    /// The server released it without saying more: refused, or accepted without a change for this user. An npm server does so.
    /// </summary>
    Released,

    /// <summary>The server did not answer in time; it may have accepted nevertheless.</summary>
    Expired,

    /// <summary>The client was not linked, so nothing was sent.</summary>
    NotLinked,

    /// <summary>More waited to be sent than the client allows, so nothing was sent.</summary>
    QueueFull,

    /// <summary>The link ended before the server answered; it may have accepted nevertheless.</summary>
    Unlinked,
}

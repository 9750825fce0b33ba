namespace Krmx;

/// <summary>What became of a request.</summary>
public readonly record struct RequestResult
{
    /// <summary>Makes a result.</summary>
    /// <param name="status">What became of it.</param>
    /// <param name="reason">Why it was refused; null unless it was.</param>
    /// <param name="answer">The answer, under the type of the request; empty unless it was answered.</param>
    public RequestResult(RequestStatus status, string? reason = null, KrmxMessage answer = default)
    {
        Status = status;
        Reason = reason;
        Answer = answer;
    }

    /// <summary>What became of it.</summary>
    public RequestStatus Status { get; init; }

    /// <summary>Why it was refused; null unless it was.</summary>
    public string? Reason { get; init; }

    /// <summary>The answer, under the type of the request; its payload may be absent.</summary>
    public KrmxMessage Answer { get; init; }

    /// <summary>Whether it was done, and <see cref="Answer"/> says with what result.</summary>
    public bool IsAnswered => Status == RequestStatus.Answered;
}

/// <summary>What can become of a request.</summary>
public enum RequestStatus
{
    /// <summary>The server did it, and answered.</summary>
    Answered,

    /// <summary>The server refused it.</summary>
    Refused,

    /// <summary>The server did not answer in time; it may have done it nevertheless.</summary>
    Expired,

    /// <summary>The client was not linked, so nothing was sent.</summary>
    NotLinked,

    /// <summary>More waited to be sent than the client allows, so nothing was sent.</summary>
    QueueFull,

    /// <summary>The link ended before the server answered; it may have done it nevertheless.</summary>
    Unlinked,
}

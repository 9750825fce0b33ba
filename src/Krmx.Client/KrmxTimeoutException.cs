namespace Krmx;

/// <summary>The server did not answer in time. Transient.</summary>
public sealed class KrmxTimeoutException : KrmxException
{
    /// <summary>Makes one.</summary>
    /// <param name="operation">What was asked, such as <c>link</c>.</param>
    /// <param name="timeout">How long the client waited.</param>
    public KrmxTimeoutException(string operation, TimeSpan timeout)
        : base($"cannot {operation}: the server did not answer in {timeout.TotalSeconds} s")
    {
        IsTransient = true;
        Operation = operation;
        Timeout = timeout;
    }

    /// <summary>What was asked: <c>connect</c>, <c>link</c>, <c>unlink</c>, <c>leave</c>, <c>dispatch</c> or <c>request</c>.</summary>
    public string Operation { get; }

    /// <summary>How long the client waited.</summary>
    public TimeSpan Timeout { get; }
}

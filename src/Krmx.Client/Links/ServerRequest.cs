using Krmx.Client;
using Krmx.Execution;
using Krmx.Transport;

namespace Krmx.Links;

/// <summary>Something asked of the server. The answer comes, or its time runs out and the connection is given up.</summary>
internal sealed class ServerRequest
{
    private readonly TaskCompletionSource<RequestOutcome> _outcome = new();
    private readonly string _operation;
    private readonly ClientDriver _driver;
    private readonly ITimer _timer;
    private KrmxTimeoutException? _timeout;

    /// <param name="operation">What is asked.</param>
    /// <param name="driver">The client's driver.</param>
    public ServerRequest(string operation, ClientDriver driver)
    {
        _operation = operation;
        _driver = driver;
        ConnectionLoop? loop = driver.Loop;
        _timer = driver.Options.TimeProvider.CreateTimer(
            _ => driver.Executor.Post(() => TimeOut(loop)), null, driver.Options.Timeouts.Request, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How the request ended.</summary>
    public Task<RequestOutcome> Outcome => _outcome.Task;

    public void End(RequestOutcome outcome)
    {
        _timer.Dispose();
        _outcome.TrySetResult(outcome);
    }

    /// <summary>What an outcome other than done is to the one who asked.</summary>
    public Exception Failure(RequestOutcome outcome, string username) => outcome.Kind switch
    {
        RequestOutcomeKind.Rejected or RequestOutcomeKind.Conflict => new KrmxLinkRejectedException(username, outcome.Reason!),
        RequestOutcomeKind.Disconnected when _timeout is not null => _timeout,
        RequestOutcomeKind.Disconnected => _driver.Lost($"cannot {_operation}"),
        _ => new KrmxException($"cannot {_operation}: the server had ended the link already"),
    };

    private void TimeOut(ConnectionLoop? loop)
    {
        if (_outcome.Task.IsCompleted)
            return;
        _timeout = new KrmxTimeoutException(_operation, _driver.Options.Timeouts.Request);
        Log.RequestTimedOut(_driver.Logger, _operation);
        loop?.Abort(_timeout);
    }
}

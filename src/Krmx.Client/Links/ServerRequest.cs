using Krmx.Client;
using Krmx.Transport;
using Krmx.Turns;

namespace Krmx.Links;

/// <summary>Something asked of the server. The answer comes, or its time runs out and the connection is given up.</summary>
internal sealed class ServerRequest
{
    private readonly TaskCompletionSource<RequestOutcome> _outcome = new();
    private readonly string _operation;
    private readonly Action<RequestOutcome>? _ended;
    private readonly ClientHost _host;
    private readonly ITimer _timer;
    private KrmxTimeoutException? _timeout;

    /// <param name="operation">What is asked.</param>
    /// <param name="host">The client's host.</param>
    /// <param name="ended">Told of the outcome in the same turn; it may ask nothing itself.</param>
    public ServerRequest(string operation, ClientHost host, Action<RequestOutcome>? ended = null)
    {
        _ended = ended;
        _operation = operation;
        _host = host;
        ConnectionLoop? loop = host.Loop;
        _timer = host.Options.TimeProvider.CreateTimer(
            _ => host.Turns.Post(() => TimeOut(loop)), null, host.Options.RequestTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How the request ended.</summary>
    public Task<RequestOutcome> Outcome => _outcome.Task;

    public void End(RequestOutcome outcome)
    {
        _timer.Dispose();
        _ended?.Invoke(outcome);
        _outcome.TrySetResult(outcome);
    }

    /// <summary>What an outcome other than done is to the one who asked.</summary>
    public Exception Failure(RequestOutcome outcome, string username) => outcome.Kind switch
    {
        RequestOutcomeKind.Rejected or RequestOutcomeKind.Conflict => new KrmxLinkRejectedException(username, outcome.Reason!),
        RequestOutcomeKind.Disconnected when _timeout is not null => _timeout,
        RequestOutcomeKind.Disconnected => _host.Lost($"cannot {_operation}"),
        _ => new KrmxException($"cannot {_operation}: the server had ended the link already"),
    };

    private void TimeOut(ConnectionLoop? loop)
    {
        if (_outcome.Task.IsCompleted)
            return;
        _timeout = new KrmxTimeoutException(_operation, _host.Options.RequestTimeout);
        Log.RequestTimedOut(_host.Logger, _operation);
        loop?.Abort(_timeout);
    }
}

using Krmx.Client;
using Krmx.Transport;
using Krmx.Execution;

namespace Krmx.Links;

/// <summary>The link: made when the application asks, ended when it asks, and made again after a drop.</summary>
/// <remarks>Every member is called on the client's executor.</remarks>
internal sealed partial class LinkKeeper(ClientDriver driver)
{
    private readonly SerialExecutor _executor = driver.Executor;

    // Outcomes come in the order of the requests, but later: a listener may have asked again by then.
    private readonly Queue<ServerRequest> _links = new();
    private readonly Queue<ServerRequest> _unlinks = new();
    private readonly Queue<ServerRequest> _leaves = new();

    /// <summary>Who to be again after a drop; null for nobody.</summary>
    private Credentials? _wanted;

    /// <summary>The attempt that is under way, the last one if a decided one is still being reported.</summary>
    private LinkAttempt? _attempt;

    /// <summary>When the server ended the last link that it ended.</summary>
    private long? _endedAt;

    private IClientInput Core => driver.Core;

    public void LinkEnded(RequestOutcome outcome) => _links.Dequeue().End(outcome);

    public void UnlinkEnded(RequestOutcome outcome) => _unlinks.Dequeue().End(outcome);

    public void LeaveEnded(RequestOutcome outcome) => _leaves.Dequeue().End(outcome);

    /// <summary>Links; never throws.</summary>
    public async Task LinkAsync(Credentials who, Completion completion, CancellationToken cancellationToken)
    {
        LinkAttempt? attempt = null;
        try
        {
            attempt = Begin(who);
            completion.CancelBy(() => _executor.Run(attempt.Stop), cancellationToken);
            (ServerRequest request, RequestOutcome outcome) = await AskAsync(attempt, retriesConflict: false).On(_executor);
            if (outcome.Kind != RequestOutcomeKind.Done)
                completion.Fail(request.Failure(outcome, who.Username));
            else
                completion.Succeed();
        }
        catch (Exception error)
        {
            completion.Fail(attempt is { IsStopped: true } ? driver.Lost("cannot link") : error);
        }
        finally
        {
            End(attempt);
        }
    }

    /// <summary>Unlinks; never throws.</summary>
    public async Task UnlinkAsync(Completion completion)
    {
        if (IsRelinkPending)
        {
            Forget(); // the connection that was linked is gone, so the link has ended already
            completion.Succeed();
            return;
        }
        await AskEndAsync(completion, "unlink", _unlinks, Core.Unlink).On(_executor);
    }

    /// <summary>Leaves; never throws.</summary>
    public async Task LeaveAsync(Completion completion) => await AskEndAsync(completion, "leave", _leaves, Core.Leave).On(_executor);

    private bool IsRelinkPending => driver.Client.Status != ClientStatus.Linked &&
        (_attempt is { IsRelink: true, IsStopped: false } || (_wanted is not null && driver.Client.Status == ClientStatus.Reconnecting));

    private async Task<bool> AskEndAsync(Completion completion, string operation, Queue<ServerRequest> requests, Action ask)
    {
        try
        {
            string? username = driver.Client.Username;
            ask();
            _wanted = null;
            var request = new ServerRequest(operation, driver);
            requests.Enqueue(request);
            RequestOutcome outcome = await request.Outcome.On(_executor);
            if (outcome.Kind == RequestOutcomeKind.Done)
                completion.Succeed();
            else
                completion.Fail(request.Failure(outcome, username!));
        }
        catch (Exception error)
        {
            completion.Fail(error);
        }
        return true;
    }

    private LinkAttempt Begin(Credentials who)
    {
        if (_attempt is { IsRelink: false, IsAskingAuth: true, IsStopped: false })
            throw new KrmxException("cannot link: another link is under way");
        driver.Demand(ClientStatus.Connected, "link");
        Forget();
        return _attempt = new LinkAttempt(who, isRelink: false);
    }

    /// <summary>Ends what the client would do by itself.</summary>
    private void Forget()
    {
        _wanted = null;
        if (_attempt is { IsRelink: true })
            _attempt.Stop();
    }

    private void End(LinkAttempt? attempt)
    {
        if (attempt is not null && _attempt == attempt)
            _attempt = null;
    }

    /// <summary>Asks the application for the proof, then the server for the link.</summary>
    /// <exception cref="OperationCanceledException">The attempt was stopped before the server was asked.</exception>
    private async Task<(ServerRequest Request, RequestOutcome Outcome)> AskAsync(LinkAttempt attempt, bool retriesConflict)
    {
        string? auth = await AskAuthAsync(attempt).On(_executor);
        attempt.Stopped.ThrowIfCancellationRequested();

        Core.Link(attempt.Who.Username, auth, retriesConflict);
        var request = new ServerRequest("link", driver, outcome => Remember(attempt, outcome));
        _links.Enqueue(request);
        return (request, await request.Outcome.On(_executor));
    }

    /// <summary>A link that is made is made again after a drop; one that nobody wants any more is ended.</summary>
    private void Remember(LinkAttempt attempt, RequestOutcome outcome)
    {
        if (outcome.Kind != RequestOutcomeKind.Done || driver.Client.Status != ClientStatus.Linked)
            return;
        if (attempt.IsStopped)
            _executor.Post(UnlinkUnwanted);
        else
            _wanted = attempt.Who;
    }

    private void UnlinkUnwanted()
    {
        if (driver.Client.Status == ClientStatus.Linked)
            driver.Go(UnlinkAsync(new Completion()));
    }

    private async Task<string?> AskAuthAsync(LinkAttempt attempt)
    {
        attempt.IsAskingAuth = true;
        try
        {
            Task<string?> asking = attempt.Who.GetAuth(attempt.Stopped).AsTask();
            asking.Observe();
            TimeProvider time = driver.Options.TimeProvider;
            return await asking.WaitAsync(Timeout.InfiniteTimeSpan, time, attempt.Stopped).On(_executor);
        }
        finally
        {
            attempt.IsAskingAuth = false;
        }
    }
}

using Krmx.Client;
using Krmx.Transport;
using Krmx.Turns;

namespace Krmx.Links;

/// <summary>The link: made when the application asks, ended when it asks, and made again after a drop.</summary>
/// <remarks>Belongs to the client's turns: every member is called in one.</remarks>
internal sealed partial class LinkKeeper(ClientHost host)
{
    private readonly SerialExecutor _turns = host.Turns;

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

    private IClientInput Session => host.Session;

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
            completion.CancelBy(() => _turns.Run(attempt.Stop), cancellationToken);
            (ServerRequest request, RequestOutcome outcome) = await AskAsync(attempt, retriesConflict: false).In(_turns);
            if (outcome.Kind != RequestOutcomeKind.Done)
                completion.Fail(request.Failure(outcome, who.Username));
            else
                completion.Succeed();
        }
        catch (Exception error)
        {
            completion.Fail(attempt is { IsStopped: true } ? host.Lost("cannot link") : error);
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
        await AskEndAsync(completion, "unlink", _unlinks, Session.Unlink).In(_turns);
    }

    /// <summary>Leaves; never throws.</summary>
    public async Task LeaveAsync(Completion completion) => await AskEndAsync(completion, "leave", _leaves, Session.Leave).In(_turns);

    private bool IsRelinkPending => host.Client.Status != ClientStatus.Linked &&
        (_attempt is { IsRelink: true, IsStopped: false } || (_wanted is not null && host.Client.Status == ClientStatus.Reconnecting));

    private async Task<bool> AskEndAsync(Completion completion, string operation, Queue<ServerRequest> requests, Action ask)
    {
        try
        {
            string? username = host.Client.Username;
            ask();
            _wanted = null;
            var request = new ServerRequest(operation, host);
            requests.Enqueue(request);
            RequestOutcome outcome = await request.Outcome.In(_turns);
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
        host.Demand(ClientStatus.Connected, "link");
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
        string? auth = await AskAuthAsync(attempt).In(_turns);
        attempt.Stopped.ThrowIfCancellationRequested();

        Session.Link(attempt.Who.Username, auth, retriesConflict);
        var request = new ServerRequest("link", host, outcome => Remember(attempt, outcome));
        _links.Enqueue(request);
        return (request, await request.Outcome.In(_turns));
    }

    /// <summary>A link that is made is made again after a drop; one that nobody wants any more is ended.</summary>
    private void Remember(LinkAttempt attempt, RequestOutcome outcome)
    {
        if (outcome.Kind != RequestOutcomeKind.Done || host.Client.Status != ClientStatus.Linked)
            return;
        if (attempt.IsStopped)
            _turns.Post(UnlinkUnwanted);
        else
            _wanted = attempt.Who;
    }

    private void UnlinkUnwanted()
    {
        if (host.Client.Status == ClientStatus.Linked)
            host.Go(UnlinkAsync(new Completion()));
    }

    private async Task<string?> AskAuthAsync(LinkAttempt attempt)
    {
        attempt.IsAskingAuth = true;
        try
        {
            Task<string?> asking = attempt.Who.GetAuth(attempt.Stopped).AsTask();
            asking.Observe();
            TimeProvider time = host.Options.TimeProvider;
            return await asking.WaitAsync(Timeout.InfiniteTimeSpan, time, attempt.Stopped).In(_turns);
        }
        finally
        {
            attempt.IsAskingAuth = false;
        }
    }
}

using Krmx.Client;
using Krmx.Execution;

namespace Krmx.Links;

/// <summary>The link: made when the application asks, ended when it asks, and made again after a drop.</summary>
/// <remarks>Every member is called on the client's executor.</remarks>
internal sealed partial class LinkKeeper(ClientDriver driver)
{
    private readonly SerialExecutor _executor = driver.Executor;

    // Outcomes come in the order of the requests, but later: a listener may have asked again by then.
    private readonly Queue<ServerRequest> _requests = new();

    private LinkIntent _intent;

    /// <summary>The link that is wanted, or was asked for; null while there is none.</summary>
    private WantedLink? _link;

    /// <summary>When the server ended the last link that it ended.</summary>
    private long _endedAt;

    private IClientInput Core => driver.Core;

    public void RequestEnded(RequestOutcome outcome) => _requests.Dequeue().End(outcome);

    /// <summary>The server has decided on the link; listeners will be told.</summary>
    public void LinkChanged(LinkChange change)
    {
        if (change == LinkChange.EndedByServer)
            _endedAt = driver.Options.TimeProvider.GetTimestamp();
        Move(change switch
        {
            LinkChange.Made => LinkSignal.Made,
            LinkChange.Rejected => LinkSignal.Rejected,
            LinkChange.Conflicted => LinkSignal.Conflicted,
            _ => LinkSignal.EndedByServer,
        });
        if (change == LinkChange.Made && _intent == LinkIntent.Withdrawn)
            _executor.Post(UnlinkWithdrawn);
    }

    /// <summary>Links; never throws.</summary>
    public async Task LinkAsync(WantedLink link, Completion completion, CancellationToken cancellationToken)
    {
        try
        {
            Begin(link);
            completion.CancelBy(() => _executor.Run(() => Cancel(link)), cancellationToken);
            (ServerRequest request, RequestOutcome outcome) = await AskAsync(link, retriesConflict: false).On(_executor);
            if (outcome.Kind != RequestOutcomeKind.Done)
                completion.Fail(request.Failure(outcome, link.Username));
            else
                completion.Succeed();
        }
        catch (Exception error)
        {
            completion.Fail(error);
        }
    }

    /// <summary>Unlinks; never throws.</summary>
    public async Task UnlinkAsync(Completion completion)
    {
        if (LinkIntents.IsComingBack(_intent))
        {
            Move(LinkSignal.Release); // the connection that was linked is gone, so for the server the link has ended already
            Core.Abandon();
            completion.Succeed();
            return;
        }
        await AskEndAsync(completion, "unlink", Core.Unlink).On(_executor);
    }

    /// <summary>Leaves; never throws.</summary>
    public async Task LeaveAsync(Completion completion) => await AskEndAsync(completion, "leave", Core.Leave).On(_executor);

    private async Task<bool> AskEndAsync(Completion completion, string operation, Action ask)
    {
        try
        {
            string? username = driver.Client.Username;
            ask();
            Move(LinkSignal.Release);
            var request = new ServerRequest(operation, driver);
            _requests.Enqueue(request);
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

    private void Begin(WantedLink link)
    {
        driver.Demand(ClientStatus.Connected, "link");
        if (_intent == LinkIntent.Proving)
            throw new KrmxException("cannot link: another link is under way");
        Move(LinkSignal.Call);
        _link = link;
    }

    private void Cancel(WantedLink link)
    {
        if (_link != link)
            return;
        Move(LinkSignal.Cancel);
        link.Stop();
        UnlinkWithdrawn();
    }

    /// <summary>Asks the application for the proof, then the server for the link.</summary>
    /// <exception cref="KrmxDisconnectedException">The link was not wanted any more before the server was asked.</exception>
    private async Task<(ServerRequest Request, RequestOutcome Outcome)> AskAsync(WantedLink link, bool retriesConflict)
    {
        try
        {
            string? auth = await AskAuthAsync(link).On(_executor);
            link.Stopped.ThrowIfCancellationRequested();
            Move(LinkSignal.Request);
            Core.Link(link.Username, auth, retriesConflict);
        }
        catch (Exception) when (link.IsStopped)
        {
            throw driver.Lost("cannot link");
        }
        catch (Exception)
        {
            Move(LinkSignal.Fail);
            throw;
        }
        var request = new ServerRequest("link", driver);
        _requests.Enqueue(request);
        return (request, await request.Outcome.On(_executor));
    }

    private Task<string?> AskAuthAsync(WantedLink link)
    {
        Task<string?> asking = link.GetAuthAsync();
        asking.Observe();
        return asking.WaitAsync(Timeout.InfiniteTimeSpan, driver.Options.TimeProvider, link.Stopped);
    }

    private void UnlinkWithdrawn()
    {
        if (_intent == LinkIntent.Withdrawn && driver.Client.Status == ClientStatus.Linked)
            driver.Go(UnlinkAsync(new Completion()));
    }

    /// <summary>Changes what is wanted; a link that is wanted no longer, or not on this connection, is stopped.</summary>
    private void Move(LinkSignal signal)
    {
        if (!LinkIntents.TryGetNext(_intent, signal, out LinkIntent next))
            throw new KrmxException($"cannot {signal.ToString().ToLowerInvariant()} a link that is {_intent.ToString().ToLowerInvariant()}");
        _intent = next;
        if (next is LinkIntent.None or LinkIntent.Proving or LinkIntent.Withdrawn)
            _link?.Stop();
        if (next == LinkIntent.None)
            _link = null;
    }
}

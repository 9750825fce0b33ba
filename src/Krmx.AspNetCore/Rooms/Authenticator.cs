using Krmx.Diagnostics;
using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Rooms;

/// <summary>Runs the application's authentication: one handler, awaited, failing closed, with a time limit. Belongs to the room's turn.</summary>
internal sealed class Authenticator(TurnLoop turns, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<AttemptId, Pending> _pending = [];

    /// <summary>The application's; null where anybody may be anybody.</summary>
    public Func<KrmxLinkContext, CancellationToken, ValueTask<LinkResult>>? Handler { get; set; }

    /// <summary>Starts an authentication.</summary>
    /// <returns>The decision, where the handler has answered already.</returns>
    public LinkResult? Start(AttemptId attempt, KrmxLinkContext link, TimeSpan timeout, IRoomInput input)
    {
        var cancellation = new CancellationTokenSource();
        ValueTask<LinkResult> decision = AskAsync(Handler!, link, cancellation.Token);
        if (decision.IsCompleted)
        {
            cancellation.Dispose();
            return decision.Result;
        }
        ITimer timer = time.CreateTimer(_ => turns.Enqueue(() => input.AuthenticationTimedOut(attempt)), null, timeout, Timeout.InfiniteTimeSpan);
        _pending.Add(attempt, new Pending(cancellation, timer));
        _ = AnswerAsync(attempt, decision, input);
        return null;
    }

    /// <summary>Ends an authentication nobody waits for; its token is cancelled in a later step, as handlers may run when it is.</summary>
    public void Cancel(AttemptId attempt)
    {
        if (!_pending.Remove(attempt, out Pending pending))
            return;
        pending.Timer.Dispose();
        turns.Enqueue(pending.Cancellation.Cancel);
    }

    private async Task AnswerAsync(AttemptId attempt, ValueTask<LinkResult> decision, IRoomInput input)
    {
        LinkResult result = await decision.ConfigureAwait(false);

        // Its own step in any case: the handler may have been completed from inside a listener.
        turns.Enqueue(() =>
        {
            if (!_pending.Remove(attempt, out Pending pending))
                return;
            pending.Timer.Dispose();
            pending.Cancellation.Dispose();
            input.AuthenticationCompleted(attempt, result);
        });
    }

    private async ValueTask<LinkResult> AskAsync(
        Func<KrmxLinkContext, CancellationToken, ValueTask<LinkResult>> handler, KrmxLinkContext link, CancellationToken cancellation)
    {
        try
        {
            return await handler(link, cancellation).ConfigureAwait(true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return default; // nobody waits for it any more
        }
        catch (Exception error)
        {
            KrmxLog.AuthenticationFailed(logger, link.Room.Label, link.Username, error);
            return default; // which refuses, and tells the peer nothing of the error
        }
    }

    private readonly record struct Pending(CancellationTokenSource Cancellation, ITimer Timer);
}

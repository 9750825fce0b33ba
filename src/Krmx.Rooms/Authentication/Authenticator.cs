using Krmx.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Krmx.Rooms;

/// <summary>Runs the application's authentication: one handler, awaited, failing closed. Belongs to the room's turns.</summary>
internal sealed class Authenticator(TurnLoop turns, IRoomInput input, string room, ILogger logger)
{
    private readonly Dictionary<AttemptId, CancellationTokenSource> _running = [];
    private Func<LinkRequest, CancellationToken, ValueTask<LinkResult>>? _handler;

    /// <summary>Sets the application's handler.</summary>
    public void Use(Func<LinkRequest, CancellationToken, ValueTask<LinkResult>> handler)
    {
        _handler = handler;
        input.AsksAuthentication = true;
    }

    /// <summary>Begins an authentication, in a turn's next input: the handler is application code and may use the room.</summary>
    public void Begin(AttemptId attempt, LinkRequest request)
    {
        _running.Add(attempt, new CancellationTokenSource());
        turns.Enqueue(() => Ask(attempt, request));
    }

    /// <summary>Ends an authentication nobody waits for; its token is cancelled in an input of its own, as handlers may run when it is.</summary>
    public void Cancel(AttemptId attempt)
    {
        if (_running.Remove(attempt, out CancellationTokenSource? cancellation))
            turns.Enqueue(cancellation.Cancel);
    }

    private void Ask(AttemptId attempt, LinkRequest request)
    {
        if (!_running.TryGetValue(attempt, out CancellationTokenSource? cancellation))
            return;
        ValueTask<LinkResult> decision = AskAsync(request, cancellation.Token);

        // What is decided at once holds for the room as the handler saw it: nothing comes in between.
        if (decision.IsCompleted)
            Answer(attempt, decision.Result);
        else
            _ = AnswerAsync(attempt, decision);
    }

    private async Task AnswerAsync(AttemptId attempt, ValueTask<LinkResult> decision)
    {
        LinkResult result = await decision.ConfigureAwait(true);

        // An input of its own in any case: the handler may have been completed from inside a listener.
        turns.Enqueue(() => Answer(attempt, result));
    }

    private void Answer(AttemptId attempt, LinkResult result)
    {
        if (!_running.Remove(attempt, out CancellationTokenSource? cancellation))
            return;
        cancellation.Dispose();
        input.AuthenticationCompleted(attempt, result);
    }

    private async ValueTask<LinkResult> AskAsync(LinkRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _handler!(request, cancellation).ConfigureAwait(true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return default; // nobody waits for it any more
        }
        catch (Exception error)
        {
            RoomLog.AuthenticationFailed(logger, room, request.Username, error);
            return default; // which refuses, and tells the peer nothing of the error
        }
    }
}

using Krmx.Execution;
using Krmx.State;

namespace Krmx;

/// <summary>Changes shared state and waits for the server's answer.</summary>
public static class ClientDispatchExtensions
{
    /// <summary>
    /// Asks the server to apply an action; if the action has an optimistic handler, its effect shows before this returns, or soon
    /// after.
    /// </summary>
    /// <param name="projection">The projection.</param>
    /// <param name="action">The action.</param>
    /// <returns>
    /// Completes with the server's answer: accepted, or refused with the reason, or released by a server that does not say which. Refused
    /// at once, without asking the server, where the payload is not valid.
    /// </returns>
    /// <exception cref="KrmxException">The model has no such action, or the client is not linked.</exception>
    /// <exception cref="KrmxQueueFullException">
    /// <see cref="ClientLimits.MaxQueuedBytes"/> wait to be sent already; nothing was sent.
    /// </exception>
    /// <exception cref="KrmxTimeoutException">The server did not answer within <see cref="LiveOptions.OptimisticLifetime"/>.</exception>
    /// <exception cref="KrmxDisconnectedException">The link ended before the server answered.</exception>
    public static Task<DispatchResult> DispatchAsync<TView>(this ClientProjection<TView> projection, KrmxAction action)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return Answer(projection, completed => projection.Dispatch(action, completed));
    }

    /// <summary>Asks the server to append an event; its effect shows before this returns, or soon after.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="action">The event.</param>
    /// <inheritdoc cref="DispatchAsync{TView}(ClientProjection{TView}, KrmxAction)"/>
    public static Task<DispatchResult> DispatchAsync<TState>(this ClientStream<TState> stream, KrmxAction action)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Answer(stream, completed => stream.Dispatch(action, completed));
    }

    /// <summary>Asks the server to set an atom; it shows before this returns, or soon after.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="key">The key.</param>
    /// <param name="atom">The value.</param>
    /// <returns>Completes with the server's answer: accepted, or refused with the reason.</returns>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    /// <exception cref="KrmxException">The client is not linked.</exception>
    /// <exception cref="KrmxTimeoutException">The server did not answer within <see cref="LiveOptions.OptimisticLifetime"/>.</exception>
    /// <exception cref="KrmxDisconnectedException">The link ended before the server answered.</exception>
    public static Task<DispatchResult> SetAsync(this ClientAtoms atoms, string key, Atom atom)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        return Answer(atoms, completed => atoms.Set(key, atom, completed));
    }

    private static Task<DispatchResult> Answer<TValue>(ClientState<TValue> state, Action<Action<DispatchResult>> dispatch)
    {
        var answer = new TaskCompletionSource<DispatchResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            dispatch(result => End(answer, result, state.OptimisticLifetime));
        }
        catch (Exception error)
        {
            answer.SetException(error);
        }
        answer.Task.Observe();
        return answer.Task;
    }

    private static void End(TaskCompletionSource<DispatchResult> answer, DispatchResult result, TimeSpan lifetime)
    {
        switch (result.Status)
        {
            case DispatchStatus.NotLinked:
                answer.SetException(new KrmxException("cannot dispatch: the client is not linked"));
                break;
            case DispatchStatus.QueueFull:
                answer.SetException(new KrmxQueueFullException("cannot dispatch: too much waits to be sent already"));
                break;
            case DispatchStatus.Expired:
                answer.SetException(new KrmxTimeoutException("dispatch", lifetime));
                break;
            case DispatchStatus.Unlinked:
                answer.SetException(new KrmxDisconnectedException(
                    "cannot tell what became of the dispatch: the link ended before the server answered")
                {
                    IsTransient = true,
                });
                break;
            default:
                answer.SetResult(result);
                break;
        }
    }
}

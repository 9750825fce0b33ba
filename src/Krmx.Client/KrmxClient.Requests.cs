using System.Text.Json.Serialization.Metadata;
using Krmx.Execution;

namespace Krmx;

// Requests to the server's application (protocol section 10, "Requests").
public sealed partial class KrmxClient
{
    /// <summary>Asks the server for something, and waits for the answer.</summary>
    /// <param name="request">The type of the request, and its payload.</param>
    /// <param name="cancellationToken">Ends the waiting; the server may do what was asked nevertheless.</param>
    /// <returns>
    /// Completes with the answer, read with <see cref="KrmxClientOptions.Json"/>; null where it has no payload. While the connection of a link with a
    /// session is away the request waits, and is answered after the return.
    /// </returns>
    /// <exception cref="KrmxRequestRefusedException">The server refused it; the reason says why.</exception>
    /// <exception cref="KrmxTimeoutException">The server did not answer within <see cref="ClientTimeouts.Answer"/>.</exception>
    /// <exception cref="KrmxDisconnectedException">The link ended before the server answered, so it is not known whether it did what was asked.</exception>
    /// <exception cref="KrmxQueueFullException">
    /// <see cref="ClientLimits.MaxQueuedBytes"/> wait to be sent, or to be confirmed by the server; nothing was sent.
    /// </exception>
    /// <exception cref="KrmxException">The client is not linked, or the answer is no <typeparamref name="TAnswer"/>.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TAnswer"/>.</exception>
    public Task<TAnswer> RequestAsync<TAnswer>(KrmxMessage request, CancellationToken cancellationToken = default)
    {
        var answers = (JsonTypeInfo<TAnswer>)_driver.Options.Json.GetTypeInfo(typeof(TAnswer));
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<TAnswer>(cancellationToken);
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        IDisposable waiting = Request(request, _driver.Options.Timeouts.Answer, result => End(answer, request.Type, result, answers));
        if (cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.Register(() =>
            {
                if (answer.TrySetCanceled(cancellationToken))
                    waiting.Dispose();
            });
            answer.Task.ContinueWith(
                _ => registration.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        answer.Task.Observe();
        return answer.Task;
    }

    /// <summary>Asks the server for something without a payload, and waits for the answer.</summary>
    /// <param name="type">The type of the request.</param>
    /// <param name="cancellationToken">Ends the waiting; the server may do what was asked nevertheless.</param>
    /// <inheritdoc cref="RequestAsync{TAnswer}(KrmxMessage, CancellationToken)"/>
    public Task<TAnswer> RequestAsync<TAnswer>(string type, CancellationToken cancellationToken = default) =>
        RequestAsync<TAnswer>(new KrmxMessage(type), cancellationToken);

    /// <summary>Asks the server for something, and waits for the answer.</summary>
    /// <param name="type">The type of the request.</param>
    /// <param name="payload">Its payload, written with <see cref="KrmxClientOptions.Json"/>.</param>
    /// <param name="cancellationToken">Ends the waiting; the server may do what was asked nevertheless.</param>
    /// <inheritdoc cref="RequestAsync{TAnswer}(KrmxMessage, CancellationToken)"/>
    public Task<TAnswer> RequestAsync<TRequest, TAnswer>(string type, TRequest payload, CancellationToken cancellationToken = default) =>
        RequestAsync<TAnswer>(KrmxMessage.Create(type, payload, _driver.Options.Json), cancellationToken);

    private void End<TAnswer>(TaskCompletionSource<TAnswer> answer, string type, RequestResult result, JsonTypeInfo<TAnswer> answers)
    {
        if (!result.IsAnswered)
        {
            answer.TrySetException(Failure(type, result));
            return;
        }
        try
        {
            answer.TrySetResult(result.Answer.HasPayload || default(TAnswer) is not null ? result.Answer.Deserialize(answers)! : default!);
        }
        catch (Exception error)
        {
            answer.TrySetException(new KrmxException($"cannot read the answer to '{type}': {error.Message}", error));
        }
    }

    private KrmxException Failure(string type, RequestResult result) => result.Status switch
    {
        RequestStatus.Refused => new KrmxRequestRefusedException(type, result.Reason!),
        RequestStatus.Expired => new KrmxTimeoutException("request", _driver.Options.Timeouts.Answer),
        RequestStatus.NotLinked => new KrmxException("cannot request: the client is not linked"),
        RequestStatus.QueueFull => new KrmxQueueFullException("cannot request: too much waits to be sent already"),
        _ => new KrmxDisconnectedException($"cannot tell what became of '{type}': the link ended before the server answered")
        {
            IsTransient = true,
        },
    };
}

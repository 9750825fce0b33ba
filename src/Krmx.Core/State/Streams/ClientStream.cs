using System.Text.Json;

namespace Krmx.State;

/// <summary>
/// A stream as a client has it: the state that follows from the server's log, with the client's own events on top at once.
/// </summary>
/// <inheritdoc cref="ClientState{TValue}"/>
public sealed class ClientStream<TState> : ClientState<TState>
{
    private readonly StreamModel<TState> _model;
    private readonly StateFrame _frame = new();

    internal ClientStream(KrmxClientCore client, string domain, StreamModel<TState> model, LiveOptions options)
        : base(client, domain, model.Initial, options)
    {
        Domain = domain;
        _model = model;
        ReceiveChanges(StateMessageTypes.StreamAppend, domain, HandleAppend);
        ReceiveAnswers(StateMessageTypes.StreamInvalidate, domain, HandleRefusal);
        model.Events.Seal();
    }

    /// <summary>The stream's name.</summary>
    public string Domain { get; }

    /// <summary>The state, with the effect of events that the server has not answered.</summary>
    public TState State => Shown;

    /// <summary>The state that follows from the server's log alone.</summary>
    public TState ConfirmedState => Confirmed;

    private protected override TState Empty => _model.Initial;

    /// <summary>Asks the server to append an event; its effect shows at once.</summary>
    /// <param name="action">The event.</param>
    /// <param name="completed">Told what became of it, as listeners of the client are. Default: nobody.</param>
    /// <exception cref="KrmxException">The model has no event of that type.</exception>
    public void Dispatch(KrmxAction action, Action<DispatchResult>? completed = null)
    {
        BoundAction<TState>? bound = _model.Events.Bind(action, out string? refusal);
        Send(action, bound, refusal, id => Frame(action, id), completed);
    }

    private byte[] Frame(in KrmxAction action, string id) => _frame.Begin(StateMessageTypes.StreamAppend, Domain)
        .With("dispatcher"u8, LinkedAs).With("event"u8, action).With("optimisticId"u8, id).End();

    private void HandleAppend(KrmxClientCore client, in StatePayload payload)
    {
        if (LinkedAs is null)
            return;
        if (payload is not { Dispatcher: string dispatcher, Action: KrmxAction appended })
        {
            LoseTrack(StateMessageTypes.StreamAppend, new JsonException("An append has a dispatcher and an event."));
            return;
        }
        PendingDispatch<TState>? own = dispatcher == LinkedAs
            ? TakeAnswered(payload.OptimisticId, pending => EventContent.AreSame(pending.Action, appended))
            : null;
        if (HasLostTrack)
            Suspend();
        else if (Bind(appended, out string? reason) is { } bound)
            Confirm(ApplyTo(Confirmed, bound, dispatcher, appended.Type));
        else // everybody else may have applied it, so what follows would be applied to another state than theirs
            LoseTrack(StateMessageTypes.StreamAppend, new JsonException($"'{appended.Type}' is no event here: {reason}."));
        Answer(own, DispatchResult.Accepted);
    }

    private BoundAction<TState>? Bind(in KrmxAction appended, out string? reason)
    {
        try
        {
            _model.Events.TryBind(appended, out BoundAction<TState>? bound, out reason);
            return bound;
        }
        catch (Exception error)
        {
            reason = error.Message;
            return null;
        }
    }
}

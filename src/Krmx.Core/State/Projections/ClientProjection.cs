using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Krmx.State;

/// <summary>A projection as a client has it: the view that the server sends its user, with the user's own actions on top at once.</summary>
/// <inheritdoc cref="ClientState{TValue}"/>
public sealed class ClientProjection<TView> : ClientState<TView?>
{
    private readonly ActionTable<TView> _actions;
    private readonly ViewReader<TView> _views;
    private readonly StateFrame _frame = new();
    private JsonTree? _tree; // the view as the server sent it; null while there is none that deltas could fit

    internal ClientProjection(
        KrmxClientCore client,
        string domain,
        ActionTable<TView> actions,
        ViewReader<TView> views,
        LiveOptions options)
        : base(client, domain, default, options)
    {
        Domain = domain;
        _actions = actions;
        _views = views;
        ReceiveChanges(StateMessageTypes.ProjectionSet, domain, HandleSet);
        ReceiveChanges(StateMessageTypes.ProjectionDelta, domain, HandleDelta);
        ReceiveAnswers(StateMessageTypes.ProjectionInvalidate, domain, HandleInvalidate);
    }

    /// <summary>The projection's name.</summary>
    public string Domain { get; }

    /// <summary>The view, with the effect of actions that the server has not answered; null until the server has sent one.</summary>
    /// <remarks>What has not changed from one view to the next is the same object, so never change a part of a view.</remarks>
    public TView? View => Shown;

    /// <summary>The view as the server sent it; null until it has.</summary>
    public TView? ConfirmedView => Confirmed;

    private protected override TView? Empty => default;

    private protected override bool IsLiveAtLink => false;

    /// <summary>Asks the server to apply an action; if the action has an optimistic handler, its effect shows at once.</summary>
    /// <param name="action">The action.</param>
    /// <param name="completed">Told what became of it, as listeners of the client are. Default: nobody.</param>
    /// <exception cref="KrmxException">The model has no action of that type.</exception>
    public void Dispatch(KrmxAction action, Action<DispatchResult>? completed = null)
    {
        BoundAction<TView>? bound = _actions.Bind(action, out string? refusal);
        Send(action, bound is null ? null : new OnView(bound), refusal, id => Frame(action, id), completed);
    }

    private protected override void Forget()
    {
        _tree = null;
        _views.Forget();
    }

    private byte[] Frame(in KrmxAction action, string id) => _frame.Begin(StateMessageTypes.ProjectionAction, Domain)
        .With("action"u8, action).With("optimisticId"u8, id).End();

    private void HandleSet(KrmxClientCore client, in StatePayload payload)
    {
        FindTrack();
        Follow(StateMessageTypes.ProjectionSet, payload, static (_, payload) => JsonTree.Parse(payload.Projection.Span));
    }

    private void HandleDelta(KrmxClientCore client, in StatePayload payload) => Follow(
        StateMessageTypes.ProjectionDelta,
        payload,
        static (tree, payload) => JsonDelta.Apply(
            tree ?? throw new JsonException("There is no view that the delta could change."), JsonTree.Parse(payload.Delta.Span)));

    private void HandleInvalidate(KrmxClientCore client, in StatePayload payload)
    {
        if (Take(payload.OptimisticId) is not { } released)
            return;
        DispatchResult result = payload.IsAccepted switch
        {
            true => DispatchResult.Accepted,
            false => RefusalOf(payload),
            null => new DispatchResult(DispatchStatus.Released),
        };
        Release(released, result);
    }

    /// <summary>Brings the tree to what the server has now, and shows it where it can be read; answers a dispatch in any case.</summary>
    private void Follow(string messageType, in StatePayload payload, Func<JsonTree?, StatePayload, JsonTree> next)
    {
        if (LinkedAs is null)
            return;
        PendingDispatch<TView?>? answered = Take(payload.OptimisticId);
        try
        {
            if (HasLostTrack)
                Suspend();
            else
                ShowTree(_tree = next(_tree, payload), messageType);
        }
        catch (Exception error) when (error is JsonException or JsonDeltaException)
        {
            LoseTrack(messageType, error);
        }
        Answer(answered, DispatchResult.Accepted);
    }

    /// <summary>
    /// Shows the tree as a view. Where it cannot be read as one, it is the server's all the same, and may be read again after the next change.
    /// </summary>
    private void ShowTree(JsonTree tree, string messageType)
    {
        TView? view;
        try
        {
            view = _views.Read(tree);
        }
        catch (Exception error)
        {
            if (error is JsonException or NotSupportedException)
                Client.ReportRefused(messageType, error);
            else
                Client.ReportFailed($"{Domain} view", error);
            Suspend();
            return;
        }
        Confirm(view);
    }

    /// <summary>An action on a view that is there.</summary>
    private sealed class OnView(BoundAction<TView> action) : BoundAction<TView?>(null)
    {
        [return: MaybeNull]
        public override TView Apply([AllowNull] TView state, string dispatcher) => state is null ? state : action.Apply(state, dispatcher);
    }
}

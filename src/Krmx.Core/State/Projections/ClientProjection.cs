using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>A projection as a client has it: the view that the server sends its user, with the user's own actions on top at once.</summary>
/// <inheritdoc cref="ClientState{TValue}"/>
public sealed class ClientProjection<TView> : ClientState<TView?>
{
    private readonly ActionTable<TView> _actions;
    private readonly JsonTypeInfo<TView> _viewType;
    private readonly StateFrame _frame = new();
    private JsonTree? _tree; // null while there is no base that deltas could fit

    internal ClientProjection(
        KrmxClientCore client,
        string domain,
        ActionTable<TView> actions,
        JsonTypeInfo<TView> viewType,
        LiveOptions options)
        : base(client, domain, default, options)
    {
        Domain = domain;
        _actions = actions;
        _viewType = viewType;
        Receive(StateMessageTypes.ProjectionSet, domain, HandleSet);
        Receive(StateMessageTypes.ProjectionDelta, domain, HandleDelta);
        Receive(StateMessageTypes.ProjectionInvalidate, domain, HandleInvalidate);
    }

    /// <summary>The projection's name.</summary>
    public string Domain { get; }

    /// <summary>The view, with the effect of actions that the server has not answered; null until the server has sent one.</summary>
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

    private protected override void Forget() => _tree = null;

    private byte[] Frame(in KrmxAction action, string id) => _frame.Begin(StateMessageTypes.ProjectionAction, Domain)
        .With("action"u8, action).With("optimisticId"u8, id).End();

    private void HandleSet(KrmxClientCore client, in StatePayload payload) =>
        Adopt(payload.Projection, static (_, sent) => sent, StateMessageTypes.ProjectionSet, payload);

    private void HandleDelta(KrmxClientCore client, in StatePayload payload)
    {
        if (_tree is null)
            client.ReportRefused(StateMessageTypes.ProjectionDelta, new JsonException($"There is no view of '{Domain}' to change yet."));
        else
            Adopt(payload.Delta, static (tree, delta) => JsonDelta.Apply(tree!, delta), StateMessageTypes.ProjectionDelta, payload);
    }

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

    private void Adopt(ReadOnlyMemory<byte> json, Func<JsonTree?, JsonTree, JsonTree> combine, string messageType, in StatePayload payload)
    {
        if (LinkedAs is null)
            return;
        PendingDispatch<TView?>? answered = Take(payload.OptimisticId);
        try
        {
            JsonTree tree = combine(_tree, JsonTree.Parse(json.Span));
            TView? view = tree.To(_viewType);
            _tree = tree;
            Confirm(view, answered, DispatchResult.Accepted);
        }
        catch (Exception error) when (error is JsonException or JsonDeltaException or NotSupportedException)
        {
            // What follows cannot fit either: the view is the server's again with the next one it sends whole.
            _tree = null;
            LoseTrack(messageType, error);
            if (answered is not null)
                Release(answered, DispatchResult.Accepted);
        }
    }

    /// <summary>An action on a view that is there.</summary>
    private sealed class OnView(BoundAction<TView> action) : BoundAction<TView?>(null)
    {
        [return: MaybeNull]
        public override TView Apply([AllowNull] TView state, string dispatcher) => state is null ? state : action.Apply(state, dispatcher);
    }
}

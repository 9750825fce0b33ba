using System.Text.Json;
using Krmx.Rooms;

namespace Krmx.State;

/// <summary>A server's projection: the whole state, of which each linked user is shown a view (protocol section 9).</summary>
/// <remarks>Belongs to the server's turns, as the server does.</remarks>
public sealed partial class ServerProjection<TState, TView> : IDisposable, IRoomPart
{
    private readonly ListenerList<Action<TState>> _onChange = new("projection change");
    private readonly KrmxRoomCore _server;
    private readonly ProjectionModel<TState, TView> _model;
    private readonly Func<TState> _initial;
    private readonly IDisposable _route;
    private bool _isChanging;

    internal ServerProjection(KrmxRoomCore server, string domain, ProjectionModel<TState, TView> model, ProjectionOptions<TState> options)
    {
        Domain = domain;
        _server = server;
        _model = model;
        _initial = options.Initial ?? (() => model.Initial);
        _changes = new ViewChanges(options.Delta);
        Restore(options.Upgrade);
        _route = Attachments.Of(server).Add(StateMessageTypes.ProjectionAction, domain, Handle);
        model.Seal();
        _audience = new Audience<ViewSnapshot>(server, Welcome, () =>
        {
            if (options.ClearsWhenEmpty)
                Change(_ => _initial(), from: null, optimisticId: null);
        });
        _audience.Begin();
    }

    /// <summary>The projection's name.</summary>
    public string Domain { get; }

    /// <summary>The whole state.</summary>
    public TState State { get; private set; } = default!;

    /// <summary>What a user sees now, linked or not, known or not.</summary>
    public TView View(string username) => _model.View(State, username);

    /// <summary>Applies an action and tells every linked user whose view changed.</summary>
    /// <param name="dispatcher">In whose name; need not be a user's.</param>
    /// <param name="action">The action.</param>
    /// <returns>Accepted, or refused with the reason; refused, too, where a handler or a view threw, which is logged.</returns>
    /// <exception cref="KrmxException">The model has no action of that type, or a handler or a view called this.</exception>
    public DispatchResult Dispatch(string dispatcher, KrmxAction action)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        _server.VerifyUse();
        return _model.Actions.Bind(action, out string? reason) is { } bound
            ? Apply(bound, dispatcher, action.Type, from: null, optimisticId: null)
            : DispatchResult.Refused(reason!);
    }

    /// <summary>Changes the state in a way that no client can ask for, and tells every linked user whose view changed.</summary>
    /// <param name="change">Given the state, returns the next one.</param>
    /// <exception cref="KrmxException">A handler or a view called this.</exception>
    /// <remarks>What <paramref name="change"/> or a view throws comes out here, and nothing has changed then.</remarks>
    public void Update(Func<TState, TState> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _server.VerifyUse();
        Change(change, from: null, optimisticId: null);
    }

    /// <summary>Calls a listener when the state has changed.</summary>
    /// <param name="listener">Given the state.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnChange(Action<TState> listener) => _onChange.Add(listener);

    /// <summary>Detaches the projection from the server: users are told of no more changes, and their actions are ignored.</summary>
    public void Dispose()
    {
        _server.VerifyUse();
        _route.Dispose();
        _audience.Dispose();
        _server.Release(this);
    }

    private void Handle(KrmxUser user, in StatePayload payload)
    {
        if (payload.Action is not KrmxAction action)
        {
            _server.ReportRefused(user.Name, StateMessageTypes.ProjectionAction, new JsonException("There is no action to apply."));
            return;
        }
        Audience<ViewSnapshot>.Member? from = _audience.Find(user);
        DispatchResult result = _model.Actions.BindSent(action, Domain, _server.ReportFailed, out string? reason) is { } bound
            ? Apply(bound, user.Name, action.Type, from, payload.OptimisticId)
            : DispatchResult.Refused(reason!);
        if (!result.IsAccepted && from is not null && payload.OptimisticId is string id)
            SendInvalidate(from, id, result);
    }

    private DispatchResult Apply(
        BoundAction<TState> bound, string dispatcher, string type, Audience<ViewSnapshot>.Member? from, string? optimisticId)
    {
        DemandNotChanging();
        try
        {
            Change(state => bound.Apply(state, dispatcher), from, optimisticId);
            return DispatchResult.Accepted;
        }
        catch (KrmxRefusedException refusal)
        {
            return DispatchResult.Refused(refusal.Message);
        }
        catch (Exception error)
        {
            _server.ReportFailed($"{Domain} {type}", error);
            return DispatchResult.Refused(Refusals.Failed);
        }
    }

    /// <summary>Changes the state and tells of it. Whatever throws does so before anything has changed.</summary>
    private void Change(Func<TState, TState> change, Audience<ViewSnapshot>.Member? from, string? optimisticId)
    {
        DemandNotChanging();
        _isChanging = true;
        try
        {
            TState next = change(State);
            bool isSame = next is not ValueType && ReferenceEquals(next, State);
            JsonTree? ownDelta = isSame ? null : Project(next, from, optimisticId);
            if (!isSame)
                Keep(next);
            State = next;
            _changes.Commit();
            Send(from, optimisticId, ownDelta);
            if (isSame)
                return;
        }
        finally
        {
            _changes.Clear();
            _isChanging = false;
        }
        // Each listener is given the state as it is when it is called: one before it may have dispatched.
        _onChange.Notify(this, static (listener, projection) => listener(projection.State), _server.ReportFailed);
    }

    private void DemandNotChanging()
    {
        if (_isChanging)
            throw new KrmxException("cannot dispatch: a handler or a view of the projection is being called, and must not dispatch");
    }
}

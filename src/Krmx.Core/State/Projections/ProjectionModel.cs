using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>
/// A state that only the server has, and of which each user sees a view of their own (protocol section 9): defined once, used by the server
/// and by its clients.
/// </summary>
/// <typeparam name="TState">The state: an immutable record. A handler returns the next one.</typeparam>
/// <typeparam name="TView">What a user sees: an immutable record that can be serialized. What is not in it never reaches that
/// user.</typeparam>
/// <remarks>
/// Define all actions before the model is first attached. Handlers and the view are pure. Parts that a view shares with the state, or with
/// the view before, by reference are known not to have changed, which is what makes it fast: so use <c>with</c> and immutable
/// collections, and never change an object that is part of a state. A view may nest 56 levels deep. Safe to use from any thread once it
/// is defined.
/// </remarks>
public sealed class ProjectionModel<TState, TView>
{
    private readonly Func<TState, string, TView> _view;
    private PartReading? _parts; // made when a client needs it; two threads may make the same one

    /// <summary>Makes a model without actions.</summary>
    /// <param name="initial">The state to begin with.</param>
    /// <param name="view">Given the state and the name of a user, returns what that user sees.</param>
    /// <param name="json">How payloads and views are read and written. Default: <see cref="KrmxJson.Options"/>.</param>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TView"/>, or a part of it.</exception>
    public ProjectionModel(TState initial, Func<TState, string, TView> view, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        Initial = initial;
        _view = view;
        Actions = new ActionTable<TState>(json);
        OptimisticActions = new ActionTable<TView>(json);
        ViewType = KrmxJson.TypeInfo<TView>(json);
        ViewShape = new ShapeReader(ViewType.Options).ShapeOf(typeof(TView));
    }

    /// <summary>The state to begin with.</summary>
    public TState Initial { get; }

    internal ActionTable<TState> Actions { get; }

    internal ActionTable<TView> OptimisticActions { get; }

    internal JsonTypeInfo<TView> ViewType { get; }

    internal TypeShape ViewShape { get; }

    /// <summary>What tells the code that makes views from that of another build.</summary>
    internal string ViewBuild => BuildOf(_view);

    /// <summary>Makes what reads the views of one client.</summary>
    internal ViewReader<TView> CreateReader() => new(ViewType, ViewShape, _parts ??= PartReading.For(ViewType.Options, ViewShape));

    /// <summary>What a user sees of a state.</summary>
    public TView View(TState state, string username) => _view(state, username);

    /// <summary>Computes what a user is sent of a state, serialized from scratch; for tests.</summary>
    public JsonTree ViewTree(TState state, string username) => JsonTree.From(View(state, username), ViewType);

    /// <summary>Defines an action without a payload.</summary>
    /// <param name="type">The action's type, one of its own.</param>
    /// <param name="handler">
    /// Given the state and the name of the dispatcher, returns the next state. One that throws changes nothing; to say why, it throws an
    /// <see cref="KrmxRefusedException"/>.
    /// </param>
    /// <param name="optimisticHandler">
    /// Given the dispatcher's view and name, returns the view that is shown until the server has answered; null to wait for it.
    /// </param>
    /// <returns>Makes such actions.</returns>
    /// <exception cref="KrmxException">The model has an action of that type, or is attached already.</exception>
    public Func<KrmxAction> When(
        string type, Func<TState, string, TState> handler, Func<TView, string, TView>? optimisticHandler = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Func<KrmxAction> factory = Actions.Add(type, handler);
        OptimisticActions.Add(type, optimisticHandler);
        return factory;
    }

    /// <summary>Defines an action with a payload.</summary>
    /// <param name="type">The action's type, one of its own.</param>
    /// <param name="handler">
    /// Given the state, the name of the dispatcher and the payload, returns the next state. One that throws changes nothing; to say why, it
    /// throws an <see cref="KrmxRefusedException"/>.
    /// </param>
    /// <param name="optimisticHandler">
    /// Given the dispatcher's view and name and the payload, returns the view that is shown until the server has answered; null to wait for
    /// it.
    /// </param>
    /// <returns>Makes such actions.</returns>
    /// <exception cref="KrmxException">The model has an action of that type, or is attached already.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TPayload"/>.</exception>
    public Func<TPayload, KrmxAction> When<TPayload>(
        string type, Func<TState, string, TPayload, TState> handler, Func<TView, string, TPayload, TView>? optimisticHandler = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, null, handler, optimisticHandler);
    }

    /// <summary>Defines an action with a payload that is validated.</summary>
    /// <param name="type">The action's type, one of its own.</param>
    /// <param name="validate">
    /// Returns why a payload is refused, or null. See also <see cref="Annotations"/>. Clients call it before they send.
    /// </param>
    /// <param name="handler">
    /// Given the state, the name of the dispatcher and the payload, returns the next state. One that throws changes nothing; to say why, it
    /// throws an <see cref="KrmxRefusedException"/>.
    /// </param>
    /// <param name="optimisticHandler">
    /// Given the dispatcher's view and name and the payload, returns the view that is shown until the server has answered; null to wait for
    /// it.
    /// </param>
    /// <returns>Makes such actions.</returns>
    /// <exception cref="KrmxException">The model has an action of that type, or is attached already.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TPayload"/>.</exception>
    public Func<TPayload, KrmxAction> When<TPayload>(
        string type,
        Func<TPayload, string?> validate,
        Func<TState, string, TPayload, TState> handler,
        Func<TView, string, TPayload, TView>? optimisticHandler = null)
    {
        ArgumentNullException.ThrowIfNull(validate);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, validate, handler, optimisticHandler);
    }

    /// <summary>Computes what an action makes of a state; for tests, which need no server then.</summary>
    /// <exception cref="KrmxRefusedException">The payload is refused, or the handler refuses.</exception>
    /// <exception cref="KrmxException">The model has no action of that type.</exception>
    public TState Apply(TState state, string dispatcher, KrmxAction action) =>
        (Actions.Bind(action, out string? reason) ?? throw new KrmxRefusedException(reason!)).Apply(state, dispatcher);

    private static string BuildOf(Delegate code)
    {
        try
        {
            return code.Method.Module.ModuleVersionId.ToString("N");
        }
        catch (NotSupportedException)
        {
            return ""; // not to be had under Native AOT: every start counts as another build
        }
    }

    internal void Seal()
    {
        Actions.Seal();
        OptimisticActions.Seal();
    }

    private Func<TPayload, KrmxAction> Add<TPayload>(
        string type,
        Func<TPayload, string?>? validate,
        Func<TState, string, TPayload, TState> handler,
        Func<TView, string, TPayload, TView>? optimisticHandler)
    {
        Func<TPayload, KrmxAction> factory = Actions.Add(type, validate, handler);
        OptimisticActions.Add(type, validate, optimisticHandler);
        return factory;
    }
}

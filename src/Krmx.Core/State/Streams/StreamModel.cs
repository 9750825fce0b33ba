using System.Text.Json;

namespace Krmx.State;

/// <summary>
/// A state that everybody computes from the same log of events (protocol section 9): defined once, used by the server and by its clients.
/// </summary>
/// <typeparam name="TState">The state: an immutable record. A handler returns the next one.</typeparam>
/// <remarks>
/// Define all events before the model is first attached. Handlers are pure: same state and event, same next state, on every machine. Safe
/// to use from any thread once it is defined.
/// </remarks>
public sealed class StreamModel<TState>
{
    /// <summary>Makes a model without events.</summary>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="json">How payloads are read and written. Default: <see cref="KrmxJson.Options"/>.</param>
    public StreamModel(TState initial, JsonSerializerOptions? json = null)
    {
        Initial = initial;
        Events = new ActionTable<TState>(json);
    }

    /// <summary>The state before the first event.</summary>
    public TState Initial { get; }

    internal ActionTable<TState> Events { get; }

    /// <summary>The type of events that stand for all before them; null where there are none.</summary>
    internal string? SnapshotType { get; private set; }

    /// <summary>Makes the event that stands for all before it; null where there is none.</summary>
    internal Func<TState, KrmxAction>? Snapshot { get; private set; }

    /// <summary>
    /// Lets a log that is full be cut, so that the stream has no end: an event that has the state takes the place of all events so far, and newcomers are sent it and
    /// what follows.
    /// </summary>
    /// <param name="type">The event's type, one of its own. Only the server appends such events; their dispatcher is the empty text.</param>
    /// <remarks>
    /// The state has to be what its JSON says, with the model's options. A log is cut where neither the state nor the next event is larger than half of
    /// <see cref="StreamOptions.MaxLogBytes"/>; else the stream is full. A client that has the model in another language
    /// defines the event too, and makes its payload the state (protocol section 9).
    /// </remarks>
    /// <exception cref="KrmxException">The model has an event of that type, or a snapshot, or is attached already.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TState"/>.</exception>
    public void SnapshotAs(string type)
    {
        if (Snapshot is not null)
            throw new KrmxException($"cannot add '{type}' to the model: it has a snapshot already");
        Snapshot = Events.Add<TState>(type, null, static (_, _, state) => state);
        SnapshotType = type;
    }

    /// <summary>Defines an event without a payload.</summary>
    /// <param name="type">The event's type, one of its own.</param>
    /// <param name="handler">
    /// Given the state and the name of the dispatcher, returns the next state. One that throws changes nothing.
    /// </param>
    /// <returns>Makes such events.</returns>
    /// <exception cref="KrmxException">The model has an event of that type, or is attached already.</exception>
    public Func<KrmxAction> When(string type, Func<TState, string, TState> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Events.Add(type, handler);
    }

    /// <summary>Defines an event with a payload.</summary>
    /// <param name="type">The event's type, one of its own.</param>
    /// <param name="handler">
    /// Given the state, the name of the dispatcher and the payload, returns the next state. One that throws changes nothing.
    /// </param>
    /// <returns>Makes such events.</returns>
    /// <exception cref="KrmxException">The model has an event of that type, or is attached already.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TPayload"/>.</exception>
    public Func<TPayload, KrmxAction> When<TPayload>(string type, Func<TState, string, TPayload, TState> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Events.Add(type, null, handler);
    }

    /// <summary>Defines an event with a payload that is validated.</summary>
    /// <param name="type">The event's type, one of its own.</param>
    /// <param name="validate">Returns why a payload is refused, or null. See also <see cref="Annotations"/>.</param>
    /// <param name="handler">
    /// Given the state, the name of the dispatcher and the payload, returns the next state. One that throws changes nothing.
    /// </param>
    /// <returns>Makes such events.</returns>
    /// <exception cref="KrmxException">The model has an event of that type, or is attached already.</exception>
    /// <exception cref="NotSupportedException">The JSON options do not know <typeparamref name="TPayload"/>.</exception>
    public Func<TPayload, KrmxAction> When<TPayload>(
        string type, Func<TPayload, string?> validate, Func<TState, string, TPayload, TState> handler)
    {
        ArgumentNullException.ThrowIfNull(validate);
        ArgumentNullException.ThrowIfNull(handler);
        return Events.Add(type, validate, handler);
    }

    /// <summary>Computes what an event makes of a state; for tests, which need no server then.</summary>
    /// <exception cref="KrmxRefusedException">The payload is refused.</exception>
    /// <exception cref="KrmxException">The model has no event of that type.</exception>
    public TState Apply(TState state, string dispatcher, KrmxAction action) =>
        (Events.Bind(action, out string? reason) ?? throw new KrmxRefusedException(reason!)).Apply(state, dispatcher);
}

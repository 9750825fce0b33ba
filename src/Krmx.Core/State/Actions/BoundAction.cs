namespace Krmx.State;

/// <summary>An action whose payload has been read and found good.</summary>
internal class BoundAction<TState>(Func<TState, string, TState>? handler)
{
    /// <summary>Gives the next state, or the same one where there is no handler; throws what the handler throws.</summary>
    public virtual TState Apply(TState state, string dispatcher) => handler is null ? state : handler(state, dispatcher);
}

/// <summary>An action with a payload.</summary>
internal sealed class BoundAction<TState, TPayload>(Func<TState, string, TPayload, TState>? handler, TPayload payload)
    : BoundAction<TState>(null)
{
    public override TState Apply(TState state, string dispatcher) => handler is null ? state : handler(state, dispatcher, payload);
}

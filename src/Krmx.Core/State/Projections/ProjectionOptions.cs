namespace Krmx.State;

/// <summary>How a server keeps a projection.</summary>
public sealed record ProjectionOptions<TState>
{
    /// <summary>Whether the state begins anew when the last user has left. Default: false.</summary>
    public bool ClearsWhenEmpty { get; init; }

    /// <summary>Makes the state to begin with, such as one with a random seed of its own. Default: null, for that of the model.</summary>
    public Func<TState>? Initial { get; init; }

    /// <summary>
    /// How views are compared. Default: items of arrays are told apart by their <c>id</c>, and deltas leave out old values.
    /// </summary>
    public JsonDeltaOptions Delta { get; init; } = new() { OmitsOldValues = true };
}

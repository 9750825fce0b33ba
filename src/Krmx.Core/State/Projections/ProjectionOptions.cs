namespace Krmx.State;

/// <summary>How a server keeps a projection.</summary>
/// <remarks>Copied when the projection is attached.</remarks>
public sealed class ProjectionOptions<TState>
{
    /// <summary>Whether the state begins anew when the last user has left. Default: false.</summary>
    public bool ClearsWhenEmpty { get; set; }

    /// <summary>Makes the state to begin with, such as one with a random seed of its own. Default: null, for that of the model.</summary>
    public Func<TState>? Initial { get; set; }

    /// <summary>
    /// How views are compared. Default: items of arrays are told apart by their <c>id</c>, and deltas leave out old values.
    /// </summary>
    public JsonDeltaOptions Delta { get; set; } = new() { OmitsOldValues = true };

    /// <summary>
    /// In a durable room, what makes a state that an older version of the application has stored one of this version. Default: null, where there was no other.
    /// </summary>
    public KrmxUpgrade? Upgrade { get; set; }

    internal ProjectionOptions<TState> Copy() => new() { ClearsWhenEmpty = ClearsWhenEmpty, Initial = Initial, Delta = Delta.Copy(), Upgrade = Upgrade };
}

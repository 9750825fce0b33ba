namespace Krmx.State.Tests.Simulation;

/// <summary>A frame that the naive server sent to a client, and that the client must be delivered in its turn.</summary>
/// <param name="Type">The message's type.</param>
/// <param name="Text">The whole frame; null where it is a delta, of which only the outcome counts.</param>
/// <param name="Value">What it tells: a view, an event with its dispatcher, an atom; null for an answer that tells nothing.</param>
/// <param name="Id">The optimistic id it answers.</param>
/// <param name="Answer">The answer to that id.</param>
internal sealed record Expected(string Type, string? Text, object? Value, string? Id = null, DispatchResult Answer = default)
{
    /// <summary>What the frame must not contain.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}

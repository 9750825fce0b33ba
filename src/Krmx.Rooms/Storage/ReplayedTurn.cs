namespace Krmx.Storage;

/// <summary>A turn of a room that is read again.</summary>
public sealed class ReplayedTurn
{
    /// <summary>Its number, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The frames that the user was sent, as JSON in UTF-8, in order.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Frames { get; init; }
}

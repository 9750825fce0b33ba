namespace Krmx.Storage;

/// <summary>What a store has of a room that was opened.</summary>
public sealed class StoredRoom
{
    /// <summary>The epoch that begins with this opening, higher than any before: commits with another one fail from now on.</summary>
    public required long Epoch { get; init; }

    /// <summary>The number of the last turn that is stored; 0 for a room that is new.</summary>
    public required long LastTurn { get; init; }

    /// <summary>How everything was after a turn; null where no snapshot was taken.</summary>
    public StoredTurn? Snapshot { get; init; }

    /// <summary>The turns behind the snapshot, in order; all, where there is none.</summary>
    public IReadOnlyList<StoredTurn> Turns { get; init; } = [];
}

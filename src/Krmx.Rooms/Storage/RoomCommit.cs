namespace Krmx.Storage;

/// <summary>What is to be stored of one room, all of it or nothing.</summary>
public sealed class RoomCommit
{
    /// <summary>The room.</summary>
    public required RoomKey Room { get; init; }

    /// <summary>The epoch of the room's opening.</summary>
    public required long Epoch { get; init; }

    /// <summary>The turns, in order; their numbers follow on those that are stored. Empty where there is only a snapshot, or a room that rests.</summary>
    public IReadOnlyList<StoredTurn> Turns { get; init; } = [];

    /// <summary>How many bytes the turns have.</summary>
    internal long TurnBytes => Turns.Sum(static turn => (long)turn.Bytes.Length);

    /// <summary>How everything was after a turn, the last one of these or of those before; it takes the place of an older snapshot. Null for none.</summary>
    public StoredTurn? Snapshot { get; init; }

    /// <summary>Whether turns stay that a snapshot makes unnecessary.</summary>
    public bool KeepsHistory { get; init; }

    /// <summary>When the room has to be open again, because an alarm rings; null for never. In place of what was stored of it.</summary>
    public DateTimeOffset? Alarm { get; init; }

    /// <summary>Whether the room is in no process any more when this is stored.</summary>
    public bool IsAtRest { get; init; }

    /// <summary>When the commit was made; the last one of a room says since when it has been unused.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Set by the store: whether it has the epoch of a later opening, and so has stored nothing of this.</summary>
    public bool IsFenced { get; set; }
}

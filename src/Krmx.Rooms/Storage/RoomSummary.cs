namespace Krmx.Storage;

/// <summary>What a store can say of a room without opening it.</summary>
public sealed class RoomSummary
{
    /// <summary>The room.</summary>
    public required RoomKey Room { get; init; }

    /// <summary>When something of it was stored last.</summary>
    public required DateTimeOffset LastStored { get; init; }

    /// <summary>When an alarm of it rings; null for never.</summary>
    public DateTimeOffset? Alarm { get; init; }

    /// <summary>Whether it is in no process, as far as the store knows.</summary>
    public required bool IsAtRest { get; init; }

    /// <summary>How many bytes the store keeps of it, roughly.</summary>
    public required long Bytes { get; init; }
}

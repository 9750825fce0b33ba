namespace Krmx.Rooms;

/// <summary>How much the rooms of a route keep for sessions together.</summary>
/// <remarks>
/// Half of it goes to whoever needs it first. When that is used, a room that keeps more than its share of the other half lets go of its oldest messages as
/// it keeps new ones. So all together never keep more, and rooms that keep little lose nothing to those that keep much.
/// </remarks>
/// <param name="maxBytes">How many bytes all rooms keep at most.</param>
/// <param name="maxRooms">How many rooms there may be.</param>
internal sealed class JournalBudget(long maxBytes, int maxRooms) : IJournalBudget
{
    private readonly long _half = maxBytes / 2;
    private long _used;

    /// <summary>How many bytes all rooms keep now.</summary>
    public long Used => Volatile.Read(ref _used);

    public bool IsScarce => Used > _half;

    public long Share { get; } = maxBytes / 2 / maxRooms;

    public void Change(long bytes) => Interlocked.Add(ref _used, bytes);
}

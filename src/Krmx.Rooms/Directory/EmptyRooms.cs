namespace Krmx.Rooms;

/// <summary>The open rooms that nobody is in, in two orders. Belongs to the directory's lock.</summary>
/// <remarks>A slot's times may not change while it is here: they are what it is found by.</remarks>
internal sealed class EmptyRooms<TRoom>
    where TRoom : class
{
    private readonly SortedSet<RoomSlot<TRoom>> _byAge =
        new(Comparer<RoomSlot<TRoom>>.Create(static (a, b) => (a.Since, a.Number).CompareTo((b.Since, b.Number))));

    private readonly SortedSet<RoomSlot<TRoom>> _byUse =
        new(Comparer<RoomSlot<TRoom>>.Create(static (a, b) => (a.Occupied, a.Since, a.Number).CompareTo((b.Occupied, b.Since, b.Number))));

    public int Count => _byAge.Count;

    /// <summary>The room that has been empty the longest; null where somebody is in each.</summary>
    public RoomSlot<TRoom>? Oldest => _byAge.Min;

    /// <summary>The room in which there was somebody for the shortest time; null where somebody is in each.</summary>
    public RoomSlot<TRoom>? LeastUsed => _byUse.Min;

    public void Add(RoomSlot<TRoom> slot)
    {
        _byAge.Add(slot);
        _byUse.Add(slot);
    }

    /// <summary>Takes a room out; does nothing where it is not here.</summary>
    public void Remove(RoomSlot<TRoom> slot)
    {
        _byAge.Remove(slot);
        _byUse.Remove(slot);
    }
}

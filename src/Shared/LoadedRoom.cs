namespace Krmx.Storage;

/// <summary>What was read of a room, and whether it can be all there is.</summary>
internal static class LoadedRoom
{
    /// <exception cref="RoomStoreException">Turns are missing that were stored.</exception>
    public static StoredRoom Of(RoomKey room, long epoch, long lastTurn, StoredTurn? snapshot, IReadOnlyList<StoredTurn> turns)
    {
        long behind = snapshot?.Number ?? 0;
        for (int i = 0; i < turns.Count; i++)
        {
            if (turns[i].Number != behind + i + 1)
                throw Missing(room, behind + i + 1);
        }
        if (behind + turns.Count != lastTurn)
            throw Missing(room, behind + turns.Count + 1);
        return new StoredRoom { Epoch = epoch, LastTurn = lastTurn, Snapshot = snapshot, Turns = turns };
    }

    private static RoomStoreException Missing(RoomKey room, long number) =>
        new($"The store is damaged: turn {number} of the room '{room}' is not where it should be. Restore a backup, or delete the room.");
}

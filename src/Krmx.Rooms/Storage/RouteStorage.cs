using Krmx.Rooms;

namespace Krmx.Storage;

/// <summary>How the rooms of one route are stored.</summary>
/// <param name="store">Where.</param>
/// <param name="writer">What stores their turns.</param>
/// <param name="options">How.</param>
/// <param name="route">The route's pattern.</param>
/// <param name="environment">What rooms share.</param>
internal sealed class RouteStorage(IRoomStore store, StoreWriter writer, KrmxStorageOptions options, string route, RoomEnvironment environment)
{
    public IRoomStore Store => store;

    public KrmxStorageOptions Options => options;

    public string Route => route;

    /// <summary>Called when a room has been put to rest: its alarm may be the next one of all.</summary>
    public Action? Rested { get; set; }

    public RoomKey Key(string name) => new(route, name);

    /// <summary>Opens a room in the store, and reads what it is made from.</summary>
    /// <exception cref="KrmxException">What is stored is damaged, or was written by a newer version.</exception>
    /// <exception cref="Exception">What the store threw.</exception>
    public async Task<(RoomMemory Memory, RoomWriting Writing)> LoadAsync(string name)
    {
        RoomKey key = Key(name);
        DateTimeOffset now = environment.Time.GetUtcNow();
        StoredRoom stored = await store.OpenAsync(key, now).ConfigureAwait(false);
        var turns = new List<ReadOnlyMemory<byte>>();
        TurnKind last = TurnKind.Confirmed;
        long number = 0, snapshotBytes = 0, bytes = 0;
        if (stored.Snapshot is StoredTurn snapshot)
        {
            (last, ReadOnlyMemory<byte> content) = TurnEnvelope.Open(key, snapshot, "snapshot of turn");
            turns.Add(content);
            number = snapshot.Number;
            snapshotBytes = snapshot.Bytes.Length;
        }
        foreach (StoredTurn turn in stored.Turns)
        {
            (last, ReadOnlyMemory<byte> content) = TurnEnvelope.Open(key, turn);
            if (turn.Number != ++number)
                throw Missing(key, number);
            turns.Add(content);
            bytes += turn.Bytes.Length;
        }
        if (number != stored.LastTurn)
            throw Missing(key, number + 1);
        var writing = new RoomWriting(key, stored.Epoch, stored.LastTurn, options, writer);
        writing.Opened(snapshotBytes, bytes);
        TimeSpan clock = environment.Now;
        var memory = new RoomMemory(environment.Time.GetUtcNow() - clock, turns) { Now = clock, ForgetsSessions = last == TurnKind.Relaxed };

        // From here on a crash may lose what was told, and that must be known though nothing else is stored by then.
        if (writing.IsRelaxed)
            await writing.WriteMarkAsync().ConfigureAwait(false);
        return (memory, writing);
    }

    private static KrmxException Missing(RoomKey room, long number) => new(
        $"cannot open the room {room}: turn {number} is missing in the store. Nothing was touched: restore a backup of the store, or delete the room");
}

using System.Buffers.Binary;
using System.Numerics;
using Krmx.Storage;

namespace Krmx.Sqlite;

/// <summary>What is done for the calls of a store, in a transaction of its thread.</summary>
internal static class SqliteRooms
{
    /// <summary>Begins a room's next epoch.</summary>
    public static long Open(SqliteDatabase database, RoomKey room, DateTimeOffset now)
    {
        long epoch = database.Number("UPDATE krmx SET epoch = epoch + 1 RETURNING epoch");
        database.Run(
            """
            INSERT INTO rooms (route, name, epoch, last_turn_before_epoch, last_turn, is_at_rest, alarm, last_stored, bytes)
            VALUES (?1, ?2, ?3, 0, 0, 0, NULL, ?4, 0)
            ON CONFLICT DO UPDATE SET epoch = ?3, last_turn_before_epoch = last_turn, is_at_rest = 0
            """,
            room.Route, room.Name, epoch, now);
        return epoch;
    }

    /// <summary>Reads a room that was opened with an epoch, and may have been deleted since.</summary>
    public static StoredRoom Read(SqliteDatabase database, string path, RoomKey room, long epoch)
    {
        if (Find(database, room) is not CommittedRoom found)
            return new StoredRoom { Epoch = epoch, LastTurn = 0 };
        StoredTurn? snapshot = null;
        using (SqlRows rows = database.Query("SELECT number, checksum, bytes FROM snapshots WHERE room = ?", found.Id))
        {
            if (rows.Next())
                snapshot = Turn(rows, path, room);
        }
        return LoadedRoom.Of(room, epoch, found.LastTurn, snapshot, Turns(database, path, room, found.Id, snapshot?.Number ?? 0, long.MaxValue));
    }

    public static IReadOnlyList<StoredTurn> ReadTurns(SqliteDatabase database, string path, RoomKey room, long after, int count) =>
        Find(database, room) is CommittedRoom found ? Turns(database, path, room, found.Id, after, count) : [];

    /// <returns>Why the first commit was refused that does not follow on what is stored; null where all do.</returns>
    public static InvalidOperationException? Commit(SqliteDatabase database, IReadOnlyList<RoomCommit> commits)
    {
        InvalidOperationException? refusal = null;
        foreach (RoomCommit commit in commits)
        {
            CommitPlan plan = CommitPlan.For(commit, Find(database, commit.Room));
            commit.IsFenced = plan.Fate == CommitFate.Fenced;
            if (plan.Fate == CommitFate.Refused)
                refusal ??= plan.Refusal(commit);
            if (plan.Fate == CommitFate.Stored)
                Store(database, commit, plan);
        }
        return refusal;
    }

    public static bool Delete(SqliteDatabase database, RoomKey room, long? epoch)
    {
        if (Find(database, room) is not CommittedRoom found || found.Epoch != (epoch ?? found.Epoch))
            return false;
        Delete(database, found.Id);
        return true;
    }

    public static IReadOnlyList<RoomSummary> List(SqliteDatabase database, string route, string? after, int count)
    {
        List<RoomSummary> rooms = [];
        using SqlRows rows = database.Query(
            "SELECT name, last_stored, alarm, is_at_rest, bytes FROM rooms WHERE route = ? AND name >= ? AND name IS NOT ? ORDER BY name LIMIT ?",
            route, after ?? "", after is null ? default(SqlValue) : after, count);
        while (rows.Next())
        {
            rooms.Add(new RoomSummary
            {
                Room = new RoomKey(route, rows.Text(0)),
                LastStored = rows.Time(1)!.Value,
                Alarm = rows.Time(2),
                IsAtRest = rows.Number(3) != 0,
                Bytes = rows.Number(4),
            });
        }
        return rooms;
    }

    public static IReadOnlyList<string> ClaimDue(
        SqliteDatabase database, string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count)
    {
        List<(long Id, string Name)> due = Named(database.Query(
            "SELECT id, name FROM rooms WHERE route = ? AND alarm <= max(?, ?) AND alarm <= iif(is_at_rest, ?2, ?3) ORDER BY alarm, name LIMIT ?",
            route, now, overdue, count));
        foreach ((long id, _) in due)
            database.Run("UPDATE rooms SET alarm = ? WHERE id = ?", claimedUntil, id);
        return [.. due.Select(static room => room.Name)];
    }

    public static IReadOnlyList<string> ListRoutes(SqliteDatabase database)
    {
        using SqlRows rows = database.Query("SELECT DISTINCT route FROM rooms ORDER BY route");
        List<string> routes = [];
        while (rows.Next())
            routes.Add(rows.Text(0));
        return routes;
    }

    public static DateTimeOffset? NextAlarm(SqliteDatabase database, string route)
    {
        using SqlRows rows = database.Query("SELECT min(alarm) FROM rooms WHERE route = ? AND alarm IS NOT NULL", route);
        return rows.Next() ? rows.Time(0) : null;
    }

    public static IReadOnlyList<string> DeleteUnused(SqliteDatabase database, string route, DateTimeOffset unusedSince, int count)
    {
        List<(long Id, string Name)> unused = Named(database.Query(
            "SELECT id, name FROM rooms WHERE route = ? AND is_at_rest = 1 AND alarm IS NULL AND last_stored < ? ORDER BY last_stored, name LIMIT ?",
            route, unusedSince, count));
        foreach ((long id, _) in unused)
            Delete(database, id);
        return [.. unused.Select(static room => room.Name)];
    }

    private static CommittedRoom? Find(SqliteDatabase database, RoomKey room)
    {
        using SqlRows rows = database.Query(
            """
            SELECT id, epoch, last_turn_before_epoch, last_turn, number, length(snapshots.bytes)
            FROM rooms LEFT JOIN snapshots ON room = id WHERE route = ? AND name = ?
            """,
            room.Route, room.Name);
        return rows.Next()
            ? new CommittedRoom(rows.Number(0), rows.Number(1), rows.Number(2), rows.Number(3), rows.IsNull(4) ? null : rows.Number(4), rows.Number(5))
            : null;
    }

    private static void Store(SqliteDatabase database, RoomCommit commit, CommitPlan plan)
    {
        long id = plan.Room.Id;
        long droppedBytes = 0;
        if (plan.TakesSnapshot && commit.Snapshot is StoredTurn snapshot)
        {
            database.Run("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", id, snapshot.Number, Checksum(snapshot), snapshot.Bytes);
            using SqlRows dropped = database.Query("DELETE FROM turns WHERE room = ? AND number <= ? RETURNING length(bytes)", id, plan.DroppedTo);
            while (dropped.Next())
                droppedBytes += dropped.Number(0);
        }
        foreach (StoredTurn turn in commit.Turns)
        {
            if (turn.Number > plan.DroppedTo)
                database.Run("INSERT INTO turns VALUES (?, ?, ?, ?)", id, turn.Number, Checksum(turn), turn.Bytes);
        }
        database.Run(
            "UPDATE rooms SET last_turn = last_turn + ?2, is_at_rest = ?3, alarm = ?4, last_stored = ?5, bytes = bytes + ?6 WHERE id = ?1",
            id, commit.Turns.Count, commit.IsAtRest, commit.Alarm, commit.Time, plan.AddedBytes(commit, droppedBytes));
    }

    private static void Delete(SqliteDatabase database, long id)
    {
        database.Run("DELETE FROM turns WHERE room = ?", id);
        database.Run("DELETE FROM snapshots WHERE room = ?", id);
        database.Run("DELETE FROM rooms WHERE id = ?", id);
    }

    private static List<(long Id, string Name)> Named(SqlRows rows)
    {
        using (rows)
        {
            List<(long Id, string Name)> rooms = [];
            while (rows.Next())
                rooms.Add((rows.Number(0), rows.Text(1)));
            return rooms;
        }
    }

    private static List<StoredTurn> Turns(SqliteDatabase database, string path, RoomKey room, long id, long after, long count)
    {
        List<StoredTurn> turns = [];
        using SqlRows rows = database.Query("SELECT number, checksum, bytes FROM turns WHERE room = ? AND number > ? ORDER BY number LIMIT ?", id, after, count);
        while (rows.Next())
            turns.Add(Turn(rows, path, room));
        return turns;
    }

    private static StoredTurn Turn(SqlRows rows, string path, RoomKey room)
    {
        var turn = new StoredTurn(rows.Number(0), rows.Bytes(2));
        return Checksum(turn) == rows.Number(1)
            ? turn
            : throw new RoomStoreException(
                $"The room store '{path}' is damaged: turn {turn.Number} of the room '{room}' is not what was stored. Restore a backup, or delete the room.");
    }

    /// <summary>CRC-32C of a number and the bytes: SQLite notices when its own structure is damaged, and not what stands in it.</summary>
    private static long Checksum(StoredTurn turn)
    {
        uint sum = BitOperations.Crc32C(uint.MaxValue, (ulong)turn.Number);
        ReadOnlySpan<byte> bytes = turn.Bytes.Span;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte rest in bytes)
            sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }
}

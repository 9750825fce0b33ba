using Krmx.Simulation.Mutation;

namespace Krmx.Storage.Tests.Mutation;

/// <summary>What a store may do wrong, each put into the source of one.</summary>
/// <remarks>Where a run takes longer, with a database, the place of the section has how the names of the tests begin that find it.</remarks>
internal static class StoreMutants
{
    public static IReadOnlyList<Mutant> Memory { get; } =
    [
        InMemory("an opening begins no epoch", "stored.Epoch = ++_lastEpoch;", "stored.Epoch = Math.Max(stored.Epoch, 1);"),
        InMemory("a room that is made anew has its old epochs", "stored.Epoch = ++_lastEpoch;", "stored.Epoch++;"),
        InMemory("an opened room is said to rest", "            stored.IsAtRest = false;\n", ""),
        InMemory("an opening counts as use", "            stored.IsAtRest = false;\n", "            stored.IsAtRest = false;\n            stored.LastStored = now;\n"),
        InMemory("an opening forgets the alarm", "            stored.IsAtRest = false;\n", "            stored.IsAtRest = false;\n            stored.Alarm = null;\n"),
        InMemory("an opening reads what the snapshot has", "stored.Turns.Where(turn => turn.Number > after)],\n            });", "stored.Turns],\n            });"),
        InMemory("the epoch is not checked", "room is null || room.Epoch != commit.Epoch", "room is null"),
        InMemory("only older epochs are fenced", "room.Epoch != commit.Epoch", "room.Epoch > commit.Epoch"),
        InMemory("a room that is not there is made by a commit", "_rooms.TryGetValue(commit.Room, out Room? room);", "if (!_rooms.TryGetValue(commit.Room, out Room? room))\n                    _rooms.Add(commit.Room, room = new Room { Epoch = commit.Epoch });"),
        InMemory("a fenced commit is stored", "if (commit.IsFenced || room!.HasStored(commit))", "if (room is null || room.HasStored(commit))"),
        InMemory("a commit that was fenced stays so", "commit.IsFenced = room", "commit.IsFenced |= room"),
        InMemory("a fenced commit ends the batch", "                if (commit.IsFenced || room!.HasStored(commit))\n                    continue;", "                if (commit.IsFenced)\n                    break;\n                if (room!.HasStored(commit))\n                    continue;"),
        InMemory("a repetition is refused", "if (commit.IsFenced || room!.HasStored(commit))", "if (commit.IsFenced)"),
        InMemory("a repetition is stored twice", "if (room.CanStore(commit))", "if (room!.CanStore(commit) || room.HasStored(commit))") with { Also = ("if (commit.IsFenced || room!.HasStored(commit))", "if (commit.IsFenced)") },
        InMemory("a repetition sets the alarm again", "if (commit.IsFenced || room!.HasStored(commit))\n                    continue;", "if (!commit.IsFenced && room!.HasStored(commit))\n                    room.Alarm = commit.Alarm;\n                if (commit.IsFenced || room!.HasStored(commit))\n                    continue;"),
        InMemory("turns of an earlier epoch are a repetition", " && first.Number > LastTurnBeforeEpoch", ""),
        InMemory("a part of a repetition is one", "commit.Turns[^1].Number <= LastTurn;", "first.Number <= LastTurn;"),
        InMemory("turns may be left out", "commit.Turns[0].Number == LastTurn + 1", "commit.Turns[0].Number > LastTurn"),
        InMemory("turns may be left out within a commit", "return IsRun(commit.Turns) && (commit", "return (commit"),
        InMemory("a refused commit ends the batch", "                    failures.Add(", "                    throw new InvalidOperationException("),
        InMemory("a refused commit is not told", "return failures.Count == 0 ?", "return failures.Count >= 0 ?"),
        InMemory("a refused commit is stored", "                    failures.Add(", "                    room.Store(commit);\n                if (!room.CanStore(commit))\n                    failures.Add("),
        InMemory("a snapshot may be of a turn to come", " && snapshot <= LastTurn + commit.Turns.Count", ""),
        InMemory("a snapshot may be of a turn before the first", "\n                && snapshot >= 0", ""),
        InMemory("a snapshot leaves the turns", "if (!commit.KeepsHistory)", "if (commit.KeepsHistory && commit.Turns is null)"),
        InMemory("a snapshot deletes the history", "if (!commit.KeepsHistory)", "if (!commit.KeepsHistory || commit.KeepsHistory)"),
        InMemory("a snapshot deletes a turn too many", "turn.Number <= snapshot.Number", "turn.Number <= snapshot.Number + 1"),
        InMemory("a snapshot leaves the last turn that it has", "turn.Number <= snapshot.Number", "turn.Number < snapshot.Number"),
        InMemory("an older snapshot takes the place of a newer one", " && !(snapshot.Number < Snapshot?.Number)", ""),
        InMemory("a snapshot of the same turn is none", "!(snapshot.Number < Snapshot?.Number)", "!(snapshot.Number <= Snapshot?.Number)"),
        InMemory("two commits of a room are both stored", "if (commits.Select(static commit => commit.Room).Distinct().Count() < commits.Count)", "if (commits.Count < 0)"),
        InMemory("an alarm that is taken back stays", "Alarm = commit.Alarm;", "Alarm = commit.Alarm ?? Alarm;"),
        InMemory("a rest is not stored", "IsAtRest = commit.IsAtRest;", "IsAtRest |= commit.IsAtRest && commit.Turns.Count > 0;"),
        InMemory("a room rests for ever", "IsAtRest = commit.IsAtRest;", "IsAtRest |= commit.IsAtRest;"),
        InMemory("the time is the opening's", "            LastStored = commit.Time;\n", ""),
        InMemory("a deletion by an epoch deletes another's", "stored.Epoch == (epoch ?? stored.Epoch) && ", ""),
        InMemory("a deletion needs an epoch", "(epoch ?? stored.Epoch)", "epoch"),
        InMemory("names are in the order of their UTF-16", "Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))", "string.CompareOrdinal(left, right)"),
        InMemory("names are compared without regard to case", "Dictionary<RoomKey, Room> _rooms = []", "SortedDictionary<RoomKey, Room> _rooms = new(Comparer<RoomKey>.Create(static (a, b) => string.Compare(a.ToString(), b.ToString(), StringComparison.OrdinalIgnoreCase)))"),
        InMemory("a page begins with the name behind which it should", "CompareBytes(room.Key.Name, after) > 0", "CompareBytes(room.Key.Name, after) >= 0"),
        InMemory("routes have their rooms in common", "room.Key.Route == route", "route.Length > 0"),
        InMemory("snapshots do not count as bytes", "(Snapshot?.Bytes.Length ?? 0) + ", ""),
        InMemory("a claim is given twice", "                room.Alarm = claimedUntil;\n", "                _ = room;\n"),
        InMemory("a claim ends the alarm", "room.Alarm = claimedUntil;", "room.Alarm = null;"),
        InMemory("open rooms are claimed as those at rest", "(room.Value.IsAtRest ? now : overdue)", "now"),
        InMemory("open rooms are never claimed", "(room.Value.IsAtRest ? now : overdue)", "now && room.Value.IsAtRest"),
        InMemory("a claim is early by a tick", "(room.Value.IsAtRest ? now : overdue)", "(room.Value.IsAtRest ? now.AddTicks(1) : overdue)"),
        InMemory("the latest are claimed first", ".OrderBy(static room => room.Value.Alarm)", ".OrderByDescending(static room => room.Value.Alarm)"),
        InMemory("the next alarm is the last", ".Min(static room => room.Value.Alarm)", ".Max(static room => room.Value.Alarm)"),
        InMemory("the next alarm is that of rooms at rest", "Of(route).Min(", "Of(route).Where(static room => room.Value.IsAtRest).Min("),
        InMemory("open rooms are deleted as unused", "room.Value.IsAtRest && room.Value.Alarm is null", "room.Value.Alarm is null"),
        InMemory("rooms with an alarm are deleted as unused", " && room.Value.Alarm is null", ""),
        InMemory("rooms are unused that were used at that time", "LastStored < unusedSince", "LastStored <= unusedSince"),
        InMemory("those unused for the shortest time are deleted first", ".OrderBy(static room => room.Value.LastStored)", ".OrderByDescending(static room => room.Value.LastStored)"),
        InMemory("unused rooms are named and stay", "                _rooms.Remove(room);\n", "                _ = room;\n"),
        InMemory("turns are read from a number on", "stored.Turns.Where(turn => turn.Number > after).Take(count)", "stored.Turns.Where(turn => turn.Number >= after).Take(count)"),
        InMemory("all turns are read", "stored.Turns.Where(turn => turn.Number > after).Take(count)", "stored.Turns.Where(turn => turn.Number > after)"),
    ];

    public static IReadOnlyList<Mutant> Sqlite { get; } =
    [
        new("names are compared without regard to case", "Names_Are", "SqliteSchema.cs", "name TEXT NOT NULL,", "name TEXT NOT NULL COLLATE NOCASE,"),
        new("no alarm is one at the beginning of time", "Alarms", "SqlValue.cs", "given ? given : new SqlValue();", "given ? given : default;"),
        new("letters that are not of Latin are left out", "Names_Are", "SqliteDatabase.cs", "raw.sqlite3_bind_text(statement, i + 1, value.Text)", "raw.sqlite3_bind_text(statement, i + 1, new string([.. value.Text!.Where(static c => c < 256)]))"),
        new("the turns of a deleted room stay", "Delete", "SqliteRooms.cs", "        database.Run(\"DELETE FROM turns WHERE room = ?\", id);\n", ""),
        new("the snapshot of a deleted room stays", "Delete", "SqliteRooms.cs", "        database.Run(\"DELETE FROM snapshots WHERE room = ?\", id);\n", ""),
        new("the epoch that is stored is not the one that is told", "Open_Begins", "SqliteRooms.cs", "epoch = ?3, last_turn_before_epoch", "epoch = epoch + 1, last_turn_before_epoch"),
        new("a new epoch does not begin behind what is stored", "Refused_TurnsThatAn", "SqliteRooms.cs", "epoch = ?3, last_turn_before_epoch = last_turn,", "epoch = ?3,"),
        new("what is deleted counts as bytes", "Bytes", "SqliteRooms.cs", "droppedBytes += dropped.Number(0);", "_ = dropped;"),
        new("a snapshot that is replaced counts as bytes", "Bytes", "CommitPlan.cs", " - Room.SnapshotBytes", ""),
        new("turns that a commit's own snapshot has stay", "Snapshot_Takes", "SqliteRooms.cs", "if (turn.Number > plan.DroppedTo)", "if (turn.Number > 0)"),
        new("the last epoch is that of the rooms that are there", "Fenced_ARoom", "SqliteRooms.cs", "UPDATE krmx SET epoch = epoch + 1 RETURNING epoch", "SELECT coalesce(max(epoch), 0) + 1 FROM rooms"),
        new("what is committed is taken back", "Open_Begins", "SqliteWorker.cs", "database.Run(\"COMMIT\");", "database.Run(\"ROLLBACK\");"),
    ];

    public static IReadOnlyList<Mutant> PostgreSql { get; } =
    [
        new("names are in the order of a language", "Names_Are", "PostgreSqlSchema.cs", "name text COLLATE \"C\" NOT NULL", "name text NOT NULL"),
        new("a commit does not lock its rooms", "Open_While", "PostgreSqlStatements.cs", " FOR UPDATE) r", ") r"),
        new("a commit sees what was stored before its locks", "Open_While", "PostgreSqlSchema.cs", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "BEGIN"),
        new("a claim does not lock what it finds", "Claim_ByMany", "PostgreSqlStatements.cs", "ORDER BY alarm, name LIMIT $5 FOR UPDATE SKIP LOCKED", "ORDER BY alarm, name LIMIT $5"),
        new("a room is read before its epoch begins", "Open_While", "PostgreSqlStatements.cs", "ON CONFLICT (route, name) DO UPDATE SET epoch = {NextEpoch(schema)}, last_turn_before_epoch = stored.last_turn, is_at_rest = false\n        RETURNING epoch, last_turn", "ON CONFLICT (route, name) DO UPDATE SET epoch = {NextEpoch(schema)}, last_turn_before_epoch = stored.last_turn, is_at_rest = false\n        RETURNING epoch, (SELECT coalesce(max(before.last_turn), 0) FROM {schema}.rooms before WHERE before.route = $1 AND before.name = $2)"),
        new("the turns of a deleted room stay", "Delete", "PostgreSqlRooms.cs", "new(sql.DeleteTurns) { Parameters = { Of(ids) } }, ", ""),
        new("what is deleted counts as bytes", "Bytes", "PostgreSqlStatements.cs", "bytes = bytes - coalesce((SELECT sum(length) FROM dropped), 0)", "bytes = bytes"),
        new("a new epoch does not begin behind what is stored", "Refused_TurnsThatAn", "PostgreSqlStatements.cs", "last_turn_before_epoch = stored.last_turn, ", ""),
        new("the places of commits are mixed up", "Commit_Of", "PostgreSqlRooms.cs", "int place = (int)rows.GetInt64(0) - 1;", "int place = commits.Length - (int)rows.GetInt64(0);"),
    ];

    private static Mutant InMemory(string name, string original, string defect) => new(name, "", "MemoryRoomStore.cs", original, defect);
}

using Krmx.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Krmx.PostgreSql;

/// <summary>What is done for the calls of a store, on a connection.</summary>
/// <param name="sql">The statements.</param>
/// <param name="begin">What begins a transaction.</param>
internal sealed class PostgreSqlRooms(PostgreSqlStatements sql, string[] begin)
{
    private const string Commit = "COMMIT";

    /// <remarks>In one round trip; the lock that the first statement takes keeps out commits until all is read.</remarks>
    public async Task<StoredRoom> OpenAsync(NpgsqlConnection connection, RoomKey room, DateTimeOffset now, CancellationToken cancellationToken)
    {
        NpgsqlBatch batch = Transaction(
            connection,
            new(sql.Open) { Parameters = { Of(room.Route), Of(room.Name), Of(now.UtcTicks) } },
            new(sql.ReadSnapshot) { Parameters = { Of(room.Route), Of(room.Name) } },
            new(sql.ReadTail) { Parameters = { Of(room.Route), Of(room.Name) } },
            new(Commit));
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
                (long epoch, long lastTurn) = (rows.GetInt64(0), rows.GetInt64(1));
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                List<StoredTurn> snapshot = await ReadTurnsAsync(rows, cancellationToken).ConfigureAwait(false);
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                List<StoredTurn> turns = await ReadTurnsAsync(rows, cancellationToken).ConfigureAwait(false);
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                return LoadedRoom.Of(room, epoch, lastTurn, snapshot.Count == 0 ? null : snapshot[0], turns);
            }
        }
    }

    /// <remarks>In two round trips, however many rooms there are: one locks them and says what is stored, one stores.</remarks>
    /// <returns>Why the first commit was refused that does not follow on what is stored; null where all do.</returns>
    public async Task<InvalidOperationException?> CommitAsync(NpgsqlConnection connection, IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken)
    {
        // Whoever locks the same rooms does so in the same order, and so nobody waits in a circle.
        RoomCommit[] ordered = [.. commits.OrderBy(static commit => commit.Room.Route, StringComparer.Ordinal).ThenBy(static commit => commit.Room.Name, StringComparer.Ordinal)];
        CommittedRoom?[] stored = await LockAsync(connection, ordered, cancellationToken).ConfigureAwait(false);
        var plans = new CommitPlan[ordered.Length];
        for (int i = 0; i < ordered.Length; i++)
            plans[i] = CommitPlan.For(ordered[i], stored[i]);

        NpgsqlBatch batch = new(connection);
        await using (batch.ConfigureAwait(false))
        {
            AddChanges(batch, ordered, plans);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Commit));
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        InvalidOperationException? refusal = null;
        for (int i = 0; i < ordered.Length; i++)
        {
            ordered[i].IsFenced = plans[i].Fate == CommitFate.Fenced;
            if (plans[i].Fate == CommitFate.Refused)
                refusal ??= plans[i].Refusal(ordered[i]);
        }
        return refusal;
    }

    public Task<IReadOnlyList<string>> DeleteAsync(NpgsqlConnection connection, RoomKey room, long? epoch, CancellationToken cancellationToken) =>
        DeleteAsync(connection, new(sql.Delete) { Parameters = { Of(room.Route), Of(room.Name), OfNullable(epoch) } }, cancellationToken);

    public Task<IReadOnlyList<string>> DeleteUnusedAsync(
        NpgsqlConnection connection, string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken) =>
        DeleteAsync(connection, new(sql.DeleteUnused) { Parameters = { Of(route), Of(unusedSince.UtcTicks), Of((long)count) } }, cancellationToken);

    public async Task<IReadOnlyList<string>> ClaimDueAsync(
        NpgsqlConnection connection, string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count,
        CancellationToken cancellationToken)
    {
        NpgsqlBatchCommand claim = new(sql.ClaimDue)
        {
            Parameters = { Of(route), Of(now.UtcTicks), Of(overdue.UtcTicks), Of(claimedUntil.UtcTicks), Of((long)count) },
        };
        List<string> names = [];
        await RunAsync(connection, rows => names.Add(rows.GetString(0)), cancellationToken, claim, new(Commit)).ConfigureAwait(false);
        return names;
    }

    public async Task<DateTimeOffset?> NextAlarmAsync(NpgsqlConnection connection, string route, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql.NextAlarm, connection) { Parameters = { Of(route) } };
        await using (command.ConfigureAwait(false))
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long ticks ? Time(ticks) : null;
    }

    public async Task<IReadOnlyList<RoomSummary>> ListAsync(
        NpgsqlConnection connection, string route, string? after, int count, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql.List, connection) { Parameters = { Of(route), Of(after ?? ""), Of(after is null), Of((long)count) } };
        await using (command.ConfigureAwait(false))
        {
            List<RoomSummary> rooms = [];
            NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rooms.Add(new RoomSummary
                    {
                        Room = new RoomKey(route, rows.GetString(0)),
                        LastStored = Time(rows.GetInt64(1)),
                        Alarm = rows.IsDBNull(2) ? null : Time(rows.GetInt64(2)),
                        IsAtRest = rows.GetBoolean(3),
                        Bytes = rows.GetInt64(4),
                    });
                }
            }
            return rooms;
        }
    }

    public async Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(
        NpgsqlConnection connection, RoomKey room, long after, int count, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql.ReadTurns, connection) { Parameters = { Of(room.Route), Of(room.Name), Of(after), Of((long)count) } };
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
                return await ReadTurnsAsync(rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>What is stored of each room, null where there is no such room; locked until the transaction ends.</returns>
    private async Task<CommittedRoom?[]> LockAsync(NpgsqlConnection connection, RoomCommit[] commits, CancellationToken cancellationToken)
    {
        var stored = new CommittedRoom?[commits.Length];
        Dictionary<long, int> places = [];
        List<NpgsqlBatchCommand> commands = [Keyed(sql.Lock, commits)];
        RoomCommit[] withSnapshot = [.. commits.Where(static commit => commit.Snapshot is not null)];
        if (withSnapshot.Length > 0)
            commands.Add(Keyed(sql.LookAtSnapshots, withSnapshot));

        NpgsqlBatch batch = Transaction(connection, [.. commands]);
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    int place = (int)rows.GetInt64(0) - 1;
                    stored[place] = new CommittedRoom(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), null, 0);
                    places.Add(rows.GetInt64(1), place);
                }
                while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false))
                {
                    while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        // A room that was made since the locks were taken is none of these.
                        if (places.TryGetValue(rows.GetInt64(0), out int place))
                            stored[place] = stored[place]!.Value with { SnapshotNumber = rows.GetInt64(1), SnapshotBytes = rows.GetInt64(2) };
                    }
                }
            }
        }
        return stored;

        static NpgsqlBatchCommand Keyed(string text, RoomCommit[] commits) => new(text)
        {
            Parameters =
            {
                Of(Array.ConvertAll(commits, static commit => commit.Room.Route)),
                Of(Array.ConvertAll(commits, static commit => commit.Room.Name)),
            },
        };
    }

    private void AddChanges(NpgsqlBatch batch, RoomCommit[] commits, CommitPlan[] plans)
    {
        List<long> rooms = [], lastTurns = [], times = [], bytes = [], turnRooms = [], turnNumbers = [];
        List<bool> atRest = [];
        List<long?> alarms = [];
        List<ReadOnlyMemory<byte>> turnBytes = [];
        for (int i = 0; i < commits.Length; i++)
        {
            (RoomCommit commit, CommitPlan plan) = (commits[i], plans[i]);
            if (plan.Fate != CommitFate.Stored)
                continue;
            long id = plan.Room.Id;
            if (plan.TakesSnapshot && commit.Snapshot is StoredTurn snapshot)
                batch.BatchCommands.Add(new(sql.StoreSnapshot) { Parameters = { Of(id), Of(snapshot.Number), Of(snapshot.Bytes) } });
            if (plan.DroppedTo > 0)
                batch.BatchCommands.Add(new(sql.DropTurns) { Parameters = { Of(id), Of(plan.DroppedTo) } });
            foreach (StoredTurn turn in commit.Turns)
            {
                if (turn.Number <= plan.DroppedTo)
                    continue;
                turnRooms.Add(id);
                turnNumbers.Add(turn.Number);
                turnBytes.Add(turn.Bytes);
            }
            rooms.Add(id);
            lastTurns.Add(plan.Room.LastTurn + commit.Turns.Count);
            atRest.Add(commit.IsAtRest);
            alarms.Add(commit.Alarm?.UtcTicks);
            times.Add(commit.Time.UtcTicks);
            bytes.Add(plan.AddedBytes(commit, droppedBytes: 0));
        }
        if (turnRooms.Count > 0)
            batch.BatchCommands.Add(new(sql.StoreTurns) { Parameters = { Of(turnRooms), Of(turnNumbers), Of(turnBytes) } });
        if (rooms.Count > 0)
            batch.BatchCommands.Add(new(sql.UpdateRooms) { Parameters = { Of(rooms), Of(lastTurns), Of(atRest), Of(alarms), Of(times), Of(bytes) } });
    }

    /// <param name="connection">The connection.</param>
    /// <param name="delete">Deletes rooms, and gives their ids and names.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>The names.</returns>
    private async Task<IReadOnlyList<string>> DeleteAsync(NpgsqlConnection connection, NpgsqlBatchCommand delete, CancellationToken cancellationToken)
    {
        List<long> ids = [];
        List<string> names = [];
        await RunAsync(
            connection,
            rows =>
            {
                ids.Add(rows.GetInt64(0));
                names.Add(rows.GetString(1));
            },
            cancellationToken,
            delete).ConfigureAwait(false);
        NpgsqlBatch batch = new(connection)
        {
            BatchCommands = { new(sql.DeleteTurns) { Parameters = { Of(ids) } }, new(sql.DeleteSnapshots) { Parameters = { Of(ids) } }, new(Commit) },
        };
        await using (batch.ConfigureAwait(false))
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return names;
    }

    private async Task RunAsync(
        NpgsqlConnection connection, Action<NpgsqlDataReader> read, CancellationToken cancellationToken, params NpgsqlBatchCommand[] commands)
    {
        NpgsqlBatch batch = Transaction(connection, commands);
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    read(rows);
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <remarks>
    /// Begun and committed by statements, which cost no round trip of their own. Where one fails, those behind it are not run, and the connection's pool
    /// takes back what was done.
    /// </remarks>
    private NpgsqlBatch Transaction(NpgsqlConnection connection, params NpgsqlBatchCommand[] commands)
    {
        NpgsqlBatch batch = new(connection);
        foreach (string statement in begin)
            batch.BatchCommands.Add(new(statement));
        foreach (NpgsqlBatchCommand command in commands)
            batch.BatchCommands.Add(command);
        return batch;
    }

    private static async Task<List<StoredTurn>> ReadTurnsAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        List<StoredTurn> turns = [];
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            turns.Add(new StoredTurn(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
        return turns;
    }

    // To the tick, which timestamps of PostgreSQL are not.
    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private static NpgsqlParameter<string> Of(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Of(long value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<bool> Of(bool value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Boolean };

    private static NpgsqlParameter OfNullable(long? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter<string[]> Of(string[] values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<List<long>> Of(List<long> values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter<List<long?>> Of(List<long?> values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter<List<bool>> Of(List<bool> values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean };

    private static NpgsqlParameter<List<ReadOnlyMemory<byte>>> Of(List<ReadOnlyMemory<byte>> values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}

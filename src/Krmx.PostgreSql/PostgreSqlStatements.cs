namespace Krmx.PostgreSql;

/// <summary>The statements of a store, with the schema that has its tables.</summary>
/// <param name="schema">The schema, as SQL has it.</param>
/// <remarks>A statement sees what was committed before it began, so what follows a lock stands in a statement of its own.</remarks>
internal sealed class PostgreSqlStatements(string schema)
{
    /// <summary>Route, name, time: the next epoch, and a lock on the room.</summary>
    public string Open { get; } = $"""
        INSERT INTO {schema}.rooms AS stored (route, name, epoch, last_stored) VALUES ($1, $2, {NextEpoch(schema)}, $3)
        ON CONFLICT (route, name) DO UPDATE SET epoch = {NextEpoch(schema)}, last_turn_before_epoch = stored.last_turn, is_at_rest = false
        RETURNING epoch, last_turn
        """;

    /// <summary>Route, name.</summary>
    public string ReadSnapshot { get; } = $"SELECT s.number, s.bytes FROM {schema}.snapshots s JOIN {schema}.rooms r ON r.id = s.room WHERE r.route = $1 AND r.name = $2";

    /// <summary>Route, name: the turns behind the snapshot.</summary>
    public string ReadTail { get; } = $"""
        SELECT t.number, t.bytes FROM {schema}.turns t JOIN {schema}.rooms r ON r.id = t.room LEFT JOIN {schema}.snapshots s ON s.room = r.id
        WHERE r.route = $1 AND r.name = $2 AND t.number > coalesce(s.number, 0) ORDER BY t.number
        """;

    /// <summary>Route, name, number, count.</summary>
    public string ReadTurns { get; } = $"""
        SELECT t.number, t.bytes FROM {schema}.turns t JOIN {schema}.rooms r ON r.id = t.room
        WHERE r.route = $1 AND r.name = $2 AND t.number > $3 ORDER BY t.number LIMIT $4
        """;

    /// <summary>Routes, names: what is stored of each, locked in the order given.</summary>
    public string Lock { get; } = $"""
        SELECT c.place, r.id, r.epoch, r.last_turn_before_epoch, r.last_turn
        FROM unnest($1, $2) WITH ORDINALITY AS c (route, name, place)
        CROSS JOIN LATERAL (SELECT * FROM {schema}.rooms r WHERE r.route = c.route AND r.name = c.name FOR UPDATE) r
        """;

    /// <summary>Routes, names: how far the snapshots are, and their sizes.</summary>
    public string LookAtSnapshots { get; } = $"""
        SELECT s.room, s.number, octet_length(s.bytes)::bigint
        FROM unnest($1, $2) AS c (route, name) JOIN {schema}.rooms r USING (route, name) JOIN {schema}.snapshots s ON s.room = r.id
        """;

    /// <summary>Room, number, bytes.</summary>
    public string StoreSnapshot { get; } = $"""
        INSERT INTO {schema}.snapshots VALUES ($1, $2, $3) ON CONFLICT (room) DO UPDATE SET number = excluded.number, bytes = excluded.bytes
        """;

    /// <summary>Room, number: the turns up to it go.</summary>
    public string DropTurns { get; } = $"""
        WITH dropped AS (DELETE FROM {schema}.turns WHERE room = $1 AND number <= $2 RETURNING octet_length(bytes) AS length)
        UPDATE {schema}.rooms SET bytes = bytes - coalesce((SELECT sum(length) FROM dropped), 0) WHERE id = $1
        """;

    /// <summary>Rooms, numbers, bytes.</summary>
    public string StoreTurns { get; } = $"INSERT INTO {schema}.turns (room, number, bytes) SELECT * FROM unnest($1, $2, $3)";

    /// <summary>Rooms, last turns, whether they rest, alarms, times, added bytes.</summary>
    public string UpdateRooms { get; } = $"""
        UPDATE {schema}.rooms r SET last_turn = c.last_turn, is_at_rest = c.is_at_rest, alarm = c.alarm, last_stored = c.last_stored, bytes = r.bytes + c.bytes
        FROM unnest($1, $2, $3, $4, $5, $6) AS c (id, last_turn, is_at_rest, alarm, last_stored, bytes) WHERE r.id = c.id
        """;

    /// <summary>Route, the name to begin with, whether it is among them, count.</summary>
    public string List { get; } = $"""
        SELECT name, last_stored, alarm, is_at_rest, bytes FROM {schema}.rooms
        WHERE route = $1 AND name >= $2 AND ($3 OR name <> $2) ORDER BY name LIMIT $4
        """;

    /// <summary>Route, now, overdue, until when, count. Rooms that others have locked are theirs, or come next time.</summary>
    public string ClaimDue { get; } = $"""
        WITH due AS MATERIALIZED (
            SELECT id, alarm FROM {schema}.rooms
            WHERE route = $1 AND alarm <= greatest($2, $3) AND alarm <= CASE WHEN is_at_rest THEN $2 ELSE $3 END
            ORDER BY alarm, name LIMIT $5 FOR UPDATE SKIP LOCKED
        ), claimed AS (
            UPDATE {schema}.rooms r SET alarm = $4 FROM due WHERE r.id = due.id RETURNING r.name, due.alarm AS was
        )
        SELECT name FROM claimed ORDER BY was, name
        """;

    /// <summary>Route.</summary>
    public string NextAlarm { get; } = $"SELECT min(alarm) FROM {schema}.rooms WHERE route = $1 AND alarm IS NOT NULL";

    /// <summary>Route, name, epoch or null.</summary>
    public string Delete { get; } = $"DELETE FROM {schema}.rooms WHERE route = $1 AND name = $2 AND epoch = coalesce($3, epoch) RETURNING id, name";

    /// <summary>Route, time, count.</summary>
    public string DeleteUnused { get; } = $"""
        WITH deleted AS (
            DELETE FROM {schema}.rooms WHERE id = ANY (ARRAY(
                SELECT id FROM {schema}.rooms WHERE route = $1 AND is_at_rest AND alarm IS NULL AND last_stored < $2
                ORDER BY last_stored, name LIMIT $3 FOR UPDATE SKIP LOCKED))
            RETURNING id, name, last_stored
        )
        SELECT id, name FROM deleted ORDER BY last_stored, name
        """;

    /// <summary>Rooms that are deleted: their turns.</summary>
    public string DeleteTurns { get; } = $"DELETE FROM {schema}.turns WHERE room = ANY ($1)";

    /// <summary>Rooms that are deleted: their snapshots.</summary>
    public string DeleteSnapshots { get; } = $"DELETE FROM {schema}.snapshots WHERE room = ANY ($1)";

    private static string NextEpoch(string schema) => $"nextval('{schema.Replace("'", "''", StringComparison.Ordinal)}.epochs')";
}

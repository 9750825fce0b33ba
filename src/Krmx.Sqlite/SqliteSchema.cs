using Krmx.Storage;

namespace Krmx.Sqlite;

/// <summary>The tables, and how older ones become them.</summary>
internal static class SqliteSchema
{
    /// <summary>What makes each version of the one before; the first of an empty file. Only ever added to.</summary>
    private static readonly string[] Steps =
    [
        """
        -- One row. Epochs are numbered for all rooms, so that one that was deleted and made anew has none of its old ones.
        CREATE TABLE krmx (version INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT;
        INSERT INTO krmx VALUES (0, 0);

        CREATE TABLE rooms (
            id INTEGER PRIMARY KEY,
            route TEXT NOT NULL,
            name TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            last_turn_before_epoch INTEGER NOT NULL,
            last_turn INTEGER NOT NULL,
            is_at_rest INTEGER NOT NULL,
            alarm INTEGER,
            last_stored INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            UNIQUE (route, name)
        ) STRICT;
        CREATE INDEX rooms_with_alarm ON rooms (route, alarm, name) WHERE alarm IS NOT NULL;
        CREATE INDEX rooms_at_rest ON rooms (route, last_stored, name) WHERE is_at_rest = 1 AND alarm IS NULL;

        CREATE TABLE snapshots (
            room INTEGER PRIMARY KEY,
            number INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE turns (
            room INTEGER NOT NULL,
            number INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (room, number)
        ) STRICT, WITHOUT ROWID;
        """,
    ];

    /// <summary>Whether the tables are there.</summary>
    public static bool IsStore(SqliteDatabase database) => HasTables(database, "krmx");

    /// <summary>Refuses a file that is something else, or is newer than this.</summary>
    public static void Check(SqliteDatabase database, string path)
    {
        if (!HasTables(database, "krmx"))
        {
            if (HasTables(database, "%"))
                throw new RoomStoreException($"'{path}' is a database with other tables, and no store of rooms. Name another file in 'Data Source'.");
            return;
        }
        long version = Version(database);
        if (version > Steps.Length)
        {
            throw new RoomStoreException(
                $"The room store '{path}' was made by a newer Krmx.Sqlite: its schema is of version {version}, and this one knows {Steps.Length}. Update the package, or name another file in 'Data Source'.");
        }
    }

    /// <summary>Makes the tables, or brings older ones up to date, all of it or nothing.</summary>
    public static void Upgrade(SqliteDatabase database, string path) => Upgrade(database, path, Steps);

    /// <inheritdoc cref="Upgrade(SqliteDatabase, string)"/>
    internal static void Upgrade(SqliteDatabase database, string path, ReadOnlySpan<string> steps)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            long version = HasTables(database, "krmx") ? Version(database) : 0;
            for (; version < steps.Length; version++)
            {
                database.Execute(steps[(int)version]);
                database.Run("UPDATE krmx SET version = ?", version + 1);
            }
            database.Execute("COMMIT");
        }
        catch
        {
            database.RollBack();
            throw;
        }
    }

    private static bool HasTables(SqliteDatabase database, string pattern) =>
        database.Number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE ?", pattern) > 0;

    private static long Version(SqliteDatabase database) => database.Number("SELECT version FROM krmx");
}

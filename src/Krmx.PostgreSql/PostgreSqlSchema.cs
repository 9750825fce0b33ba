using Krmx.Storage;
using Npgsql;

namespace Krmx.PostgreSql;

/// <summary>The tables, and how older ones become them.</summary>
internal static class PostgreSqlSchema
{
    /// <summary>What makes each version of the one before; the first in an empty schema. Only ever added to.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE krmx (version integer NOT NULL);
        INSERT INTO krmx VALUES (0);

        -- For all rooms, so that one that was deleted and made anew has none of its old epochs.
        CREATE SEQUENCE epochs;

        -- Space is left on each page, so that an update of a room stays on it and touches no index.
        CREATE TABLE rooms (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            route text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            epoch bigint NOT NULL,
            last_turn_before_epoch bigint NOT NULL DEFAULT 0,
            last_turn bigint NOT NULL DEFAULT 0,
            is_at_rest boolean NOT NULL DEFAULT false,
            alarm bigint,
            last_stored bigint NOT NULL,
            bytes bigint NOT NULL DEFAULT 0,
            UNIQUE (route, name)
        ) WITH (fillfactor = 50);
        CREATE INDEX rooms_with_alarm ON rooms (route, alarm, name) WHERE alarm IS NOT NULL;

        CREATE TABLE snapshots (
            room bigint PRIMARY KEY,
            number bigint NOT NULL,
            bytes bytea NOT NULL
        );

        CREATE TABLE turns (
            room bigint NOT NULL,
            number bigint NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (room, number)
        );
        """,
    ];

    /// <summary>Looks at what the server would do to what is stored, and makes the tables.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="where">The database, as errors name it.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <exception cref="RoomStoreException">It would not keep it as it is, or the tables are newer than this.</exception>
    public static async Task<PostgreSqlRooms> PrepareAsync(NpgsqlConnection connection, string where, string schema, CancellationToken cancellationToken)
    {
        string encoding = (string)(await ScalarAsync(connection, "SHOW server_encoding", cancellationToken).ConfigureAwait(false))!;
        if (encoding != "UTF8")
            throw new RoomStoreException($"The {where} has the encoding {encoding}, which has no place for every room's name. Create one with ENCODING 'UTF8'.");
        if ((bool)(await ScalarAsync(connection, "SELECT pg_is_in_recovery()", cancellationToken).ConfigureAwait(false))!)
            throw new RoomStoreException($"The {where} is a standby, which cannot be written. Connect to the primary.") { IsTransient = true };
        await UpgradeAsync(connection, schema, Steps, cancellationToken).ConfigureAwait(false);
        bool isSynchronous = (string)(await ScalarAsync(connection, "SHOW synchronous_commit", cancellationToken).ConfigureAwait(false))! != "off";
        // Whatever is set for the database or the user: each statement is to see what was committed before it.
        const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
        return new PostgreSqlRooms(new PostgreSqlStatements(Identifier(schema)), isSynchronous ? [Begin] : [Begin, "SET LOCAL synchronous_commit = on"]);
    }

    /// <summary>Makes the tables, or brings older ones up to date; of several servers that do so at once one does, and the others wait.</summary>
    internal static async Task UpgradeAsync(NpgsqlConnection connection, string schema, string[] steps, CancellationToken cancellationToken)
    {
        if (await VersionAsync(connection, schema, steps.Length, cancellationToken).ConfigureAwait(false) == steps.Length)
            return;
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await RunAsync($"SELECT pg_advisory_xact_lock(hashtext('krmx schema'), hashtext({Literal(schema)}))").ConfigureAwait(false);
            int version = await VersionAsync(connection, schema, steps.Length, cancellationToken).ConfigureAwait(false);
            // IF NOT EXISTS asks for the right to create, also where there is nothing to create.
            if (version == 0 && !await ExistsAsync(connection, $"pg_catalog.pg_namespace WHERE nspname = {Literal(schema)}", cancellationToken).ConfigureAwait(false))
                await RunAsync($"CREATE SCHEMA {Identifier(schema)}").ConfigureAwait(false);
            await RunAsync($"SET LOCAL search_path TO {Identifier(schema)}").ConfigureAwait(false);
            for (; version < steps.Length; version++)
                await RunAsync($"{steps[version]}; UPDATE krmx SET version = {version + 1}").ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task RunAsync(string sql)
        {
            NpgsqlCommand command = new(sql, connection);
            await using (command.ConfigureAwait(false))
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An identifier as SQL has it, whatever is in it.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <returns>The version that is there; 0 where there is nothing.</returns>
    /// <exception cref="RoomStoreException">It is newer than this.</exception>
    private static async Task<int> VersionAsync(NpgsqlConnection connection, string schema, int known, CancellationToken cancellationToken)
    {
        // Functions that look names up would go by what they knew before the lock.
        if (!await ExistsAsync(connection, $"pg_catalog.pg_tables WHERE schemaname = {Literal(schema)} AND tablename = 'krmx'", cancellationToken).ConfigureAwait(false))
            return 0;
        int version = (int)(await ScalarAsync(connection, $"SELECT version FROM {Identifier(schema)}.krmx", cancellationToken).ConfigureAwait(false))!;
        return version <= known
            ? version
            : throw new RoomStoreException(
                $"The schema '{schema}' was made by a newer Krmx.PostgreSql: it is of version {version}, and this one knows {known}. Update the package, or give the store another schema.");
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string rows, CancellationToken cancellationToken) =>
        (bool)(await ScalarAsync(connection, $"SELECT EXISTS (SELECT FROM {rows})", cancellationToken).ConfigureAwait(false))!;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql, connection);
        await using (command.ConfigureAwait(false))
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

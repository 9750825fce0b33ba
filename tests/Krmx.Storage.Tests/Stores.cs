using Krmx.PostgreSql;
using Krmx.Sqlite;
using Krmx.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace Krmx.Storage.Tests;

/// <summary>What both stores with tables have to leave.</summary>
internal static class StoredTables
{
    /// <summary>Counts what belongs to no room, and rooms whose size is not that of what is there.</summary>
    public static string Leftovers(string schema) => $"""
        SELECT (SELECT count(*) FROM {schema}turns WHERE room NOT IN (SELECT id FROM {schema}rooms))
            + (SELECT count(*) FROM {schema}snapshots WHERE room NOT IN (SELECT id FROM {schema}rooms))
            + (SELECT count(*) FROM {schema}rooms r WHERE r.bytes <>
                coalesce((SELECT sum(length(t.bytes)) FROM {schema}turns t WHERE t.room = r.id), 0) + coalesce((SELECT length(s.bytes) FROM {schema}snapshots s WHERE s.room = r.id), 0))
        """;
}

public class MemoryRoomStoreTests : RoomStoreSpecification
{
    protected override ValueTask<IRoomStore> CreateAsync() => new(new MemoryRoomStore());

    protected override ValueTask<IRoomStore> ReopenAsync(IRoomStore store) => new(store);
}

public class SqliteRoomStoreTests : RoomStoreSpecification
{
    private readonly TemporaryFolder _folder = new();

    protected virtual IRoomStore Make(string connectionString) => new SqliteRoomStore(connectionString);

    protected override ValueTask<IRoomStore> CreateAsync() => new(Make(_folder.ConnectionString));

    protected override async ValueTask<IRoomStore> ReopenAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return Make(_folder.ConnectionString);
    }

    protected override ValueTask CleanUpAsync()
    {
        using (_folder)
            Assert.Equal(0, _folder.Run(StoredTables.Leftovers("")));
        return default;
    }
}

public class PostgreSqlRoomStoreTests(PostgreSqlServer server) : RoomStoreSpecification
{
    private readonly string _schema = $"test-{Guid.NewGuid():n}";
    private readonly List<IRoomStore> _joined = [];

    protected virtual IRoomStore Make(string connectionString, string schema) => new PostgreSqlRoomStore(connectionString, schema);

    protected override ValueTask<IRoomStore> CreateAsync() => new(Make(server.ConnectionString, _schema));

    protected override async ValueTask<IRoomStore> ReopenAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return await CreateAsync();
    }

    protected override async ValueTask<IRoomStore> JoinAsync()
    {
        // Whatever a database's administrator has made the default.
        _joined.Add(Make($"{server.ConnectionString};Options=-c default_transaction_isolation=serializable", _schema));
        return _joined[^1];
    }

    protected override async ValueTask CleanUpAsync()
    {
        foreach (IRoomStore store in _joined)
            await store.DisposeAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        Assert.Equal(0L, await source.CreateCommand(StoredTables.Leftovers($"\"{_schema}\".")).ExecuteScalarAsync());
    }
}

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

    protected override ValueTask<IRoomStore> CreateAsync() => new(_folder.Store());

    protected override async ValueTask<IRoomStore> ReopenAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return _folder.Store();
    }

    protected override ValueTask CleanUpAsync()
    {
        Assert.Equal(0, _folder.Run(StoredTables.Leftovers("")));
        _folder.Dispose();
        return default;
    }
}

public class PostgreSqlRoomStoreTests(PostgreSqlServer server) : RoomStoreSpecification
{
    private readonly string _schema = $"test-{Guid.NewGuid():n}";
    private readonly List<IRoomStore> _joined = [];

    protected override ValueTask<IRoomStore> CreateAsync() => new(new PostgreSqlRoomStore(server.ConnectionString, _schema));

    protected override async ValueTask<IRoomStore> ReopenAsync(IRoomStore store)
    {
        await store.DisposeAsync();
        return await CreateAsync();
    }

    protected override async ValueTask<IRoomStore> JoinAsync()
    {
        // Whatever a database's administrator has made the default.
        _joined.Add(new PostgreSqlRoomStore($"{server.ConnectionString};Options=-c default_transaction_isolation=serializable", _schema));
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

using Krmx.PostgreSql;
using Krmx.Sqlite;
using Krmx.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace Krmx.Storage.Tests;

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
        _joined.Add(await CreateAsync());
        return _joined[^1];
    }

    protected override async ValueTask CleanUpAsync()
    {
        foreach (IRoomStore store in _joined)
            await store.DisposeAsync();
    }
}

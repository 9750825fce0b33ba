using Krmx.PostgreSql;
using Krmx.Sqlite;
using Krmx.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.Storage.Tests;

public class HostingTests
{
    [Fact]
    public async Task UseSqlite_GivesOneStoreThatEndsWithTheApplication()
    {
        using var folder = new TemporaryFolder();
        var builder = new Builder();
        Assert.Same(builder, builder.UseSqlite($"Data Source={folder.Database}"));
        ServiceProvider services = builder.Services.BuildServiceProvider();
        IRoomStore store = services.GetRequiredService<IRoomStore>();
        Assert.IsType<SqliteRoomStore>(store);
        Assert.Same(store, services.GetRequiredService<IRoomStore>());
        await store.OpenAsync(new RoomKey("/", "a"), DateTimeOffset.UnixEpoch);
        await services.DisposeAsync();

        await using SqliteRoomStore next = folder.Store();
        await next.OpenAsync(new RoomKey("/", "a"), DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task UsePostgreSql_GivesAStoreAndConnectsLater()
    {
        var builder = new Builder();
        builder.UsePostgreSql("Host=nowhere.invalid;Username=krmx", "rooms");
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        Assert.IsType<PostgreSqlRoomStore>(services.GetRequiredService<IRoomStore>());
    }

    [Fact]
    public void UseStore_ASecondTimeIsRefusedAndNamesBoth()
    {
        var builder = new Builder();
        builder.UseSqlite("Data Source=rooms.db");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => builder.UsePostgreSql("Host=localhost"));
        Assert.Contains("UsePostgreSql was called after UseSqlite", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => builder.UseSqlite("Data Source=rooms.db"));
        Assert.Throws<InvalidOperationException>(() => builder.UseStore("UseMemory", static _ => new MemoryRoomStore()));
    }

    [Fact]
    public void Use_OfAWrongConnectionStringIsRefusedAtOnce()
    {
        var builder = new Builder();

        Assert.ThrowsAny<ArgumentException>(() => builder.UseSqlite("rooms.db"));
        Assert.ThrowsAny<ArgumentException>(() => builder.UsePostgreSql("Username=krmx"));
        Assert.ThrowsAny<ArgumentException>(() => builder.UsePostgreSql("Host=localhost;Sauce=b"));
        Assert.ThrowsAny<ArgumentException>(() => builder.UsePostgreSql("Host=localhost", ""));
        Assert.Empty(builder.Services);
    }

    private sealed class Builder : IKrmxBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}

using Krmx.FunctionalTests.Server.Harness;
using Krmx.Sqlite;
using Krmx.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>The file of a server with clients may not grow, is locked, or has damaged records.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("krmx-sqlite-fault-");
    private LedgerServer _server = null!;

    private string Connection => $"Data Source={Path.Combine(_folder.FullName, "rooms.db")}";

    public async ValueTask InitializeAsync() => _server = await new LedgerServer(builder => builder.UseSqlite(Connection)).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>SQLite is told that the file may not grow, and fails as on a full disk.</summary>
    [Fact]
    public async Task FullDisk_LosesNothingAndDisconnectsNobody()
    {
        var store = (SqliteRoomStore)_server.Services.GetRequiredService<IRoomStore>();
        await using LedgerCrowd crowd = await LinkAsync();
        await store.WriteAsync(static database => database.Number("PRAGMA max_page_count = 1"));
        await AssertWaitsAsync(crowd, "The disk is full. Make space", failures: 10, settled: 6);

        await store.WriteAsync(static database => database.Number("PRAGMA max_page_count = 1000000"));
        await AssertGoesOnAsync(crowd);
    }

    [Fact]
    public async Task FileThatAnotherProgramHasLocked_LosesNothingAndDisconnectsNobody()
    {
        await using LedgerCrowd crowd = await LinkAsync();
        using (SqliteConnection connection = Open())
        {
            using SqliteTransaction locking = connection.BeginTransaction(deferred: false);
            await AssertWaitsAsync(crowd, "Another program has locked the file", failures: 3);
        }
        await AssertGoesOnAsync(crowd);
    }

    [Theory]
    [InlineData("turns")]
    [InlineData("snapshots")]
    public async Task DamagedRoom_StaysClosedUntouchedAndOthersGoOn(string table)
    {
        await using LedgerCrowd crowd = await LinkAsync();
        string some = $"FROM {table} WHERE room = (SELECT id FROM rooms WHERE name = 'room0')";
        await Patience.Until(() => (long)Query($"SELECT count(*) {some}") > 0, "there is something to damage");
        await _server.StopAsync();
        Flip();
        string before = Content();
        await _server.StartAsync();

        CapturedLogs.Entry log = await _server.Logs.WaitFor(LedgerServer.RoomFailed);
        Assert.Contains("room0", log.Text, StringComparison.Ordinal);
        Assert.Contains("damaged", log.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("backup", log.Error!.Message, StringComparison.Ordinal);
        await Patience.Until(async () => (await crowd.StatesAsync()).All(static state => state.IsLinked == !state.Username.StartsWith("room0", StringComparison.Ordinal)), "others go on");
        Assert.Equal(before, Content());

        // What had been damaged is restored, by whom the store does not keep out: readers and administrators.
        Flip();
        await crowd.HearAsync();
        await crowd.RestAsync(_server.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal(1, state.Recovered));
        _server.Logs.AssertNoErrors([LedgerServer.RoomFailed]);

        string Content() => (string)Query($"SELECT group_concat(number || hex(bytes)) FROM (SELECT * {some} ORDER BY number)");

        void Flip()
        {
            byte[] bytes = (byte[])Query($"SELECT bytes {some} ORDER BY number LIMIT 1");
            bytes[bytes.Length / 2] ^= 1;
            Query($"UPDATE {table} SET bytes = x'{Convert.ToHexString(bytes)}' WHERE (room, number) IN (SELECT room, min(number) {some}) RETURNING 1");
        }
    }

    private async Task<LedgerCrowd> LinkAsync()
    {
        LedgerCrowd crowd = await LedgerCrowd.LinkAsync(_server.UriOf, rooms: 2, writers: 4);
        await crowd.TalkAsync(TimeSpan.FromMilliseconds(50));
        await crowd.HearAsync();
        return crowd;
    }

    private async Task AssertWaitsAsync(LedgerCrowd crowd, string said, int failures, int settled = 2)
    {
        CapturedLogs.Entry log = await _server.Logs.WaitFor(LedgerServer.StoreFails);
        Assert.Contains(said, log.Error!.Message, StringComparison.Ordinal);
        // After three of all rooms together they are tried one by one, and one that is small enough may have its place still.
        await _server.FailAsync(commits: settled);
        WriterState[] told = await crowd.StatesAsync();
        await _server.FailAsync(failures);
        Assert.Equal(told.Select(static state => state.Last), (await crowd.StatesAsync()).Select(static state => state.Last));
    }

    private async Task AssertGoesOnAsync(LedgerCrowd crowd)
    {
        await _server.Logs.WaitFor(LedgerServer.StoreWorks);
        await crowd.HearAsync();
        await crowd.RestAsync(_server.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal((0, 0), (state.Closes, state.Refused)));
        _server.Logs.AssertNoErrors([LedgerServer.StoreFails, LedgerServer.TendingFailed]);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(Connection + ";Pooling=False");
        connection.Open();
        return connection;
    }

    private object Query(string sql)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }
}

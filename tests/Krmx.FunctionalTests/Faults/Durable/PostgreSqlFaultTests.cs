using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>PostgreSQL is away, comes back, loses connections, is shared or has damaged records, under servers with clients.</summary>
/// <remarks>With a server of its own, which others could not use meanwhile.</remarks>
public sealed class PostgreSqlFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly PostgreSqlServer _postgreSql = new();

    public ValueTask InitializeAsync() => _postgreSql.InitializeAsync();

    public ValueTask DisposeAsync() => _postgreSql.DisposeAsync();

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task ServerThatIsAwayForAWhile_LosesNothingAndDisconnectsNobody(string mode)
    {
        await using LedgerServer server = await StartAsync();
        await using LedgerCrowd crowd = await LinkAsync(server.UriOf);
        await _postgreSql.StopAsync(mode);
        CapturedLogs.Entry log = await server.Logs.WaitFor(LedgerServer.StoreFails);
        Assert.Contains($"at 127.0.0.1:{_postgreSql.Port}, failed.", log.Error!.Message, StringComparison.Ordinal);
        await server.FailAsync(commits: 2);
        WriterState[] told = await crowd.StatesAsync();

        // Some ten seconds, as each waits longer than the one before it.
        await server.FailAsync(commits: 9);
        HealthReportEntry health = await server.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("See that it runs", health.Description!, StringComparison.Ordinal);
        WriterState[] states = await crowd.StatesAsync();
        Assert.Equal(told.Select(static state => state.Last), states.Select(static state => state.Last));
        Assert.All(states.Zip(told), static pair => Assert.True(pair.First.Said > pair.Second.Said));

        await _postgreSql.StartAsync();
        await server.Logs.WaitFor(LedgerServer.StoreWorks);
        await crowd.HearAsync();
        Assert.Equal(HealthStatus.Healthy, (await server.HealthAsync()).Status);
        await AssertUndisturbedAsync(crowd, server);
    }

    [Fact]
    public async Task ServerThatIsRestarted_LosesNothingAndDisconnectsNobody()
    {
        await using LedgerServer server = await StartAsync();
        await using LedgerCrowd crowd = await LinkAsync(server.UriOf);
        for (int i = 0; i < 5; i++)
        {
            await _postgreSql.StopAsync(i % 2 == 0 ? "fast" : "immediate");
            await _postgreSql.StartAsync();
            await crowd.HearAsync();
        }
        await AssertUndisturbedAsync(crowd, server);
    }

    [Fact]
    public async Task ServerThatComesBackAtAnotherOfItsAddresses_IsFound()
    {
        int other = ServerProcess.FreePort();
        string connection = new NpgsqlConnectionStringBuilder(_postgreSql.ConnectionString) { Host = $"127.0.0.1:{_postgreSql.Port},127.0.0.1:{other}" }.ConnectionString;
        await using LedgerServer server = await StartAsync(connection);
        await using LedgerCrowd crowd = await LinkAsync(server.UriOf);
        await _postgreSql.StopAsync();
        await server.FailAsync(commits: 1);
        await _postgreSql.StartAsync(other);

        await crowd.HearAsync();
        await AssertUndisturbedAsync(crowd, server);
    }

    [Fact]
    public async Task ConnectionsThatAreEndedInTheMiddleOfCommits_LoseAndDoubleNothing()
    {
        await using LedgerServer server = await StartAsync();
        await using LedgerCrowd crowd = await LinkAsync(server.UriOf);
        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_postgreSql.ConnectionString);
        await Patience.Until(
            async () =>
            {
                await RunAsync(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
                return server.Metrics.Total("krmx.store.failures") >= 20;
            },
            "20 commits have failed");

        await crowd.HearAsync();
        await AssertUndisturbedAsync(crowd, server);
    }

    [Fact]
    public async Task RoomThatIsOpenedByAnotherServer_StopsAndItsClientsGoOn()
    {
        await using LedgerServer first = await StartAsync();
        await using LedgerServer second = await StartAsync();
        await using LedgerCrowd crowd = await LinkAsync(first.UriOf);
        await second.Rooms.CreateAsync("room0").Soon();
        CapturedLogs.Entry log = await first.Logs.WaitFor(LedgerServer.RoomLost);
        Assert.Contains("room0", log.Text, StringComparison.Ordinal);
        Assert.Contains("was opened elsewhere", log.Error!.Message, StringComparison.Ordinal);

        // Its clients know the first server only, which opens it in its turn.
        await second.Logs.WaitFor(LedgerServer.RoomLost);
        await crowd.HearAsync();
        await crowd.RestAsync(first.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal(state.Username.StartsWith("room0", StringComparison.Ordinal), state.Recovered > 0));
        first.Logs.AssertNoErrors([LedgerServer.RoomLost]);
        second.Logs.AssertNoErrors([LedgerServer.RoomLost]);
    }

    [Fact]
    public async Task ClientsThatComeToAnotherServer_GoOnThere()
    {
        await using LedgerServer first = await StartAsync();
        await using LedgerServer second = await StartAsync();
        await using var proxy = new FaultProxy(first.UriOf(""));
        await using LedgerCrowd crowd = await LinkAsync(room => new UriBuilder(first.UriOf(room)) { Port = proxy.Uri.Port }.Uri);
        foreach (LedgerServer next in new[] { second, first, second })
        {
            proxy.TargetPort = next.Port;
            proxy.Cut();
            await crowd.HearAsync();
        }

        await crowd.RestAsync(second.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.True(state.Recovered >= 3));
        first.Logs.AssertNoErrors([LedgerServer.RoomLost]);
        second.Logs.AssertNoErrors([LedgerServer.RoomLost]);
    }

    [Theory]
    [InlineData("turns")]
    [InlineData("snapshots")]
    public async Task DamagedRoom_StaysClosedUntouchedAndOthersGoOn(string table)
    {
        await using LedgerServer server = await StartAsync();
        await using LedgerCrowd crowd = await LinkAsync(server.UriOf);
        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_postgreSql.ConnectionString);
        string some = $"FROM krmx.{table} WHERE room = (SELECT id FROM krmx.rooms WHERE name = 'room0')";
        await Patience.Until(async () => await NumberAsync(admin, $"SELECT count(*) {some}") > 0, "there is something to damage");
        await server.StopAsync();
        await FlipAsync();
        string before = await TextAsync(admin, $"SELECT md5(string_agg(number || encode(bytes, 'hex'), ',' ORDER BY number)) {some}");
        await server.StartAsync();

        CapturedLogs.Entry log = await server.Logs.WaitFor(LedgerServer.RoomFailed);
        Assert.Contains("room0", log.Text, StringComparison.Ordinal);
        Assert.Contains("damaged", log.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("restore a backup", log.Error!.Message, StringComparison.Ordinal);
        await Patience.Until(async () => (await crowd.StatesAsync()).All(static state => state.IsLinked == !state.Username.StartsWith("room0", StringComparison.Ordinal)), "others go on");
        Assert.Equal(before, await TextAsync(admin, $"SELECT md5(string_agg(number || encode(bytes, 'hex'), ',' ORDER BY number)) {some}"));

        // What had been damaged is restored.
        await FlipAsync();
        await crowd.HearAsync();
        await crowd.RestAsync(server.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal(1, state.Recovered));
        server.Logs.AssertNoErrors([LedgerServer.RoomFailed]);

        Task FlipAsync() => RunAsync(
            admin,
            $"UPDATE krmx.{table} SET bytes = set_byte(bytes, length(bytes) / 2, get_byte(bytes, length(bytes) / 2) # 1) WHERE (room, number) = (SELECT room, min(number) {some} GROUP BY room)");
    }

    private async Task<LedgerServer> StartAsync(string? connection = null) =>
        await new LedgerServer(builder => builder.UsePostgreSql(connection ?? _postgreSql.ConnectionString)).StartAsync();

    private static async Task<LedgerCrowd> LinkAsync(Func<string, Uri> uriOf)
    {
        LedgerCrowd crowd = await LedgerCrowd.LinkAsync(uriOf, rooms: 2, writers: 4);
        await crowd.TalkAsync(Pause);
        await crowd.HearAsync();
        return crowd;
    }

    /// <summary>Nothing is lost or doubled, and nobody has lost a connection.</summary>
    private static async Task AssertUndisturbedAsync(LedgerCrowd crowd, LedgerServer server)
    {
        await crowd.RestAsync(server.ReadAsync);
        Assert.All(await crowd.StatesAsync(), static state => Assert.Equal((0, 0), (state.Closes, state.Refused)));
        server.Logs.AssertNoErrors([LedgerServer.StoreFails, LedgerServer.TendingFailed]);
    }

    private static async Task RunAsync(NpgsqlDataSource admin, string sql)
    {
        await using NpgsqlCommand command = admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> NumberAsync(NpgsqlDataSource admin, string sql)
    {
        await using NpgsqlCommand command = admin.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> TextAsync(NpgsqlDataSource admin, string sql)
    {
        await using NpgsqlCommand command = admin.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

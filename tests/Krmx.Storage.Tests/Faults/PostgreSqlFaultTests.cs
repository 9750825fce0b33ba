using System.Diagnostics;
using Krmx.PostgreSql;
using Npgsql;

namespace Krmx.Storage.Tests.Faults;

/// <summary>A server that stops, refuses or loses connections: the error says what to do, and a commit that is tried again is stored once.</summary>
/// <remarks>With a server of its own, which others could not use meanwhile.</remarks>
public sealed class PostgreSqlFaultTests : IClassFixture<PostgreSqlServer>, IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomKey Room = new("/", "a");

    private readonly PostgreSqlServer _server;
    private readonly string _schema = $"it's \"{Guid.NewGuid():n}\"";
    private readonly PostgreSqlRoomStore _store;

    public PostgreSqlFaultTests(PostgreSqlServer server)
    {
        _server = server;
        _store = new PostgreSqlRoomStore(server.ConnectionString, _schema);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task Commit_WhileTheServerIsAwayFailsAndIsStoredOnceWhenItIsBack(string mode)
    {
        long epoch = await OpenAsync();
        await _store.CommitAsync([Commit(epoch, 1)]);
        // Several connections, each of which is lost.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _store.ReadTurnsAsync(Room, 0, 9)));
        RoomCommit commit = Commit(epoch, 2);
        await _server.StopAsync(mode);
        RoomStoreException error = await FailsAsync(() => _store.CommitAsync([commit]), isTransient: true);
        await FailsAsync(() => _store.CommitAsync([commit]), isTransient: true, $"127.0.0.1:{_server.Port}", "See that it runs");
        Assert.IsAssignableFrom<NpgsqlException>(error.InnerException);

        await _server.StartAsync();
        await RetryAsync(() => _store.CommitAsync([commit]));
        Assert.False(commit.IsFenced);
        await AssertTurnsAsync(2);
    }

    [Fact]
    public async Task Open_OfManyRoomsAtOnceLeavesConnectionsToOthers()
    {
        string name = Guid.NewGuid().ToString("n");
        string connection = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { ApplicationName = name }.ConnectionString;
        await using var store = new PostgreSqlRoomStore(connection, _schema);
        StoredRoom[] rooms = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.OpenAsync(new RoomKey("/", $"{i}"), Now)));
        Assert.Equal(200, rooms.Select(static room => room.Epoch).Distinct().Count());
        await store.CommitAsync([.. rooms.Select((room, i) => new RoomCommit
        {
            Room = new RoomKey("/", $"{i}"),
            Epoch = room.Epoch,
            Turns = [new StoredTurn(1, "[]"u8.ToArray())],
            Time = Now,
        })]);

        // The pool keeps each for minutes, so all that were ever made are there.
        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_server.ConnectionString);
        Assert.InRange(Number(admin, $"SELECT count(*)::int FROM pg_stat_activity WHERE application_name = '{name}'"), 2, 9);
    }

    [Fact]
    public async Task Commit_ThatIsCutAnywhereIsStoredOnceWhenItIsTriedAgain()
    {
        await using var proxy = new CuttingProxy(_server.Port);
        string connection = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Port = proxy.Port }.ConnectionString;
        await using var cut = new PostgreSqlRoomStore(connection, _schema);
        long epoch = await OpenAsync();
        int number = 0, storedAlready = 0, cuts = 0;
        foreach (bool ofAnswers in new[] { false, true })
        {
            bool wasCut;
            // Until so many bytes are let through that it is not cut any more.
            for (int bytes = 0; ; bytes += ofAnswers ? 3 : 29)
            {
                proxy.CutAfter();
                // A connection is there, so that none is cut while it is made.
                await cut.NextAlarmAsync("/");
                RoomCommit commit = Commit(epoch, ++number);
                proxy.CutAfter(ofAnswers ? null : bytes, ofAnswers ? bytes : null);
                try
                {
                    await cut.CommitAsync([commit]);
                    wasCut = proxy.HasCut;
                }
                catch (RoomStoreException error)
                {
                    Assert.True(error.IsTransient, error.ToString());
                    wasCut = true;
                    cuts++;
                    proxy.CutAfter();
                    // What the server has not noticed to be dead yet may store it still, or it has.
                    await RetryAsync(() => cut.CommitAsync([commit]));
                    storedAlready += ofAnswers ? 1 : 0;
                }
                Assert.False(commit.IsFenced);
                if (!wasCut)
                    break;
            }
        }

        Assert.True(cuts > 20 && storedAlready > 10, $"{cuts} cuts, {storedAlready} of answers");
        await AssertTurnsAsync(number);
    }

    [Fact]
    public async Task Commit_WhoseBackendIsEndedIsStoredOnceWhenItIsTriedAgain()
    {
        long epoch = await OpenAsync();
        foreach (bool kill in new[] { false, true })
        {
            await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_server.ConnectionString);
            RoomCommit commit = Commit(epoch, kill ? 2 : 1);
            await using (NpgsqlConnection holder = await admin.OpenConnectionAsync())
            {
                // The commit waits for its room, and so is in the middle of its transaction.
                await using NpgsqlTransaction holding = await holder.BeginTransactionAsync();
                await using (var hold = new NpgsqlCommand($"SELECT FROM {PostgreSqlSchema.Identifier(_schema)}.rooms FOR UPDATE", holder))
                    await hold.ExecuteNonQueryAsync();
                Task committed = _store.CommitAsync([commit]);
                int backend = 0;
                await Patience.Until(
                    () => (backend = Number(admin, "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) != 0, "the commit waits");
                if (kill)
                    Process.GetProcessById(backend).Kill();
                else
                    Number(admin, $"SELECT count(*)::int FROM pg_terminate_backend({backend})");
                await FailsAsync(() => committed, isTransient: true);
                try
                {
                    await holding.RollbackAsync();
                }
                catch (NpgsqlException) when (kill)
                {
                    // With one backend that is killed PostgreSQL ends all, and recovers.
                }
            }
            await RetryAsync(() => _store.CommitAsync([commit]));
            Assert.False(commit.IsFenced);
        }
        await AssertTurnsAsync(2);
    }

    [Fact]
    public async Task Commit_WhoseStatementFailsLeavesNothingAndAConnectionThatIsGood()
    {
        long epoch = await OpenAsync();
        string turns = $"{PostgreSqlSchema.Identifier(_schema)}.turns";
        await RunAsync($"ALTER TABLE {turns} ADD CONSTRAINT small CHECK (octet_length(bytes) < 100)");
        RoomCommit large = new() { Room = Room, Epoch = epoch, Turns = [new(1, new byte[100])], Snapshot = new(0, new byte[5]), Alarm = Now, Time = Now };
        for (int i = 0; i < 10; i++)
            await FailsAsync(() => _store.CommitAsync([large]), isTransient: false, "small");
        Assert.Null(await _store.NextAlarmAsync("/"));
        await _store.CommitAsync([Commit(epoch, 1)]);
        await AssertTurnsAsync(1);
        Assert.Null((await _store.OpenAsync(Room, Now)).Snapshot);
    }

    [Fact]
    public async Task Settings_OfTheServerLoseNothing()
    {
        await OpenAsync();
        string schema = PostgreSqlSchema.Identifier(_schema);
        // A trigger tells what was in force where the store changed a room.
        await RunAsync($"""
            CREATE ROLE careless LOGIN SUPERUSER; ALTER ROLE careless SET synchronous_commit = off; ALTER ROLE careless SET default_transaction_isolation = 'repeatable read';
            CREATE TABLE {schema}.seen (setting text);
            CREATE FUNCTION {schema}.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO {schema}.seen SELECT current_setting('synchronous_commit') || ', ' || current_setting('transaction_isolation'); RETURN new;
            END $$;
            CREATE TRIGGER see BEFORE UPDATE ON {schema}.rooms FOR EACH ROW EXECUTE FUNCTION {schema}.see();
            """);
        await using var store = new PostgreSqlRoomStore(Connection(static options => options.Username = "careless"), _schema);
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        await store.CommitAsync([Commit(epoch, 1)]);
        await store.CommitAsync([new RoomCommit { Room = Room, Epoch = epoch, Alarm = Now, IsAtRest = true, Time = Now }]);
        Assert.Single(await store.ClaimDueAsync("/", Now, Now, Now, 1));

        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_server.ConnectionString);
        Assert.Equal(4, Number(admin, $"SELECT count(*)::int FROM {schema}.seen"));
        Assert.Equal(4, Number(admin, $"SELECT count(*)::int FROM {schema}.seen WHERE setting = 'on, read committed'"));
    }

    [Fact]
    public async Task Open_OfANewerSchemaFailsAndLeavesIt()
    {
        await OpenAsync();
        await RunAsync($"UPDATE {PostgreSqlSchema.Identifier(_schema)}.krmx SET version = 1000; DROP TABLE {PostgreSqlSchema.Identifier(_schema)}.turns");
        await using var store = new PostgreSqlRoomStore(_server.ConnectionString, _schema);

        await FailsAsync(() => store.OpenAsync(Room, Now), isTransient: false, _schema, "newer", "1000");
        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_server.ConnectionString);
        Assert.Equal(0, Number(admin, $"SELECT count(*)::int FROM pg_tables WHERE schemaname = '{_schema.Replace("'", "''", StringComparison.Ordinal)}' AND tablename = 'turns'"));
    }

    [Fact]
    public async Task Upgrade_IsOneTransactionAndMadeOnceByManyServers()
    {
        PostgreSqlRoomStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => new PostgreSqlRoomStore(_server.ConnectionString, "many"))];
        await Task.WhenAll(stores.Select(static store => store.OpenAsync(Room, Now)));
        foreach (PostgreSqlRoomStore store in stores)
            await store.DisposeAsync();

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_server.ConnectionString);
        await using (NpgsqlConnection connection = await source.OpenConnectionAsync())
        {
            await Assert.ThrowsAsync<PostgresException>(
                () => PostgreSqlSchema.UpgradeAsync(connection, "many", ["", "CREATE TABLE added (id int); CREATE TABLE rooms (id int)"], CancellationToken.None));
        }
        Assert.Equal(1, Number(source, "SELECT version FROM many.krmx"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await PostgreSqlSchema.UpgradeAsync(
                connection, "many", ["", "CREATE TABLE added (id int)", "INSERT INTO added VALUES (5)"], CancellationToken.None);
        }));
        Assert.Equal(3, Number(source, "SELECT version FROM many.krmx"));
        Assert.Equal(1, Number(source, "SELECT count(*)::int FROM many.added"));
    }

    [Fact]
    public async Task Open_SaysWhatIsWrongWithTheDatabase()
    {
        await RunAsync("CREATE ROLE visitor LOGIN");
        await RunAsync("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0");
        await RunAsync("CREATE SCHEMA taken; CREATE TABLE taken.rooms (id int)");

        await SaysAsync(options => options.Database = "none", "krmx", "Create the database", "'none'");
        await SaysAsync(options => options.Username = "nobody", "krmx", "Check the user name");
        await SaysAsync(options => options.Username = "visitor", "krmx", "Grant the user CREATE");
        await SaysAsync(options => options.Database = "ascii", "krmx", "SQL_ASCII", "UTF8");
        await SaysAsync(static _ => { }, "taken", "give the store a schema of its own");
        await RunAsync("GRANT CREATE ON DATABASE postgres TO visitor");
        await using var store = new PostgreSqlRoomStore(Connection(options => options.Username = "visitor"));
        await store.OpenAsync(Room, Now);

        async Task SaysAsync(Action<NpgsqlConnectionStringBuilder> change, string schema, params string[] said)
        {
            await using var store = new PostgreSqlRoomStore(Connection(change), schema);
            await FailsAsync(() => store.OpenAsync(Room, Now), isTransient: false, said);
        }
    }

    [Fact]
    public async Task Open_OfAServerThatNobodyKnowsFails()
    {
        await using var store = new PostgreSqlRoomStore(Connection(static options => options.Host = "nowhere.invalid"));

        await FailsAsync(() => store.OpenAsync(Room, Now), isTransient: true, "nowhere.invalid", "See that it runs");
    }

    [Fact]
    public async Task Open_OfARoomThatIsNotAllThereFails()
    {
        await _store.CommitAsync([Commit(await OpenAsync(), 1)]);
        await RunAsync($"DELETE FROM {PostgreSqlSchema.Identifier(_schema)}.turns");

        await FailsAsync(() => _store.OpenAsync(Room, Now), isTransient: false, "damaged", "'/ a'");
        Assert.True(await _store.DeleteAsync(Room));
        await OpenAsync();
    }

    [Fact]
    public async Task Connections_OfTheApplicationStayOpen()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_server.ConnectionString);
        await using (var store = new PostgreSqlRoomStore(source, _schema))
            await store.OpenAsync(Room, Now);

        Assert.Equal(1, Number(source, $"SELECT count(*)::int FROM {PostgreSqlSchema.Identifier(_schema)}.rooms"));
        await _store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(OpenAsync);
    }

    private static RoomCommit Commit(long epoch, long number) => new() { Room = Room, Epoch = epoch, Turns = [new(number, new byte[] { (byte)number })], Time = Now };

    private static async Task<RoomStoreException> FailsAsync(Func<Task> call, bool isTransient, params string[] said)
    {
        RoomStoreException error = await Assert.ThrowsAsync<RoomStoreException>(() => call().Soon());
        Assert.True(isTransient == error.IsTransient, error.ToString());
        Assert.All(said, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        return error;
    }

    /// <summary>Does what a writer does: the same again, until it is done.</summary>
    private static Task RetryAsync(Func<Task> call)
    {
        RoomStoreException? last = null;
        return Patience.Until(Succeeds, () => $"it is stored: {last}");

        bool Succeeds()
        {
            try
            {
                call().GetAwaiter().GetResult();
                return true;
            }
            catch (RoomStoreException error) when (error.IsTransient)
            {
                last = error;
                return false;
            }
        }
    }

    private async Task<long> OpenAsync() => (await _store.OpenAsync(Room, Now)).Epoch;

    private async Task AssertTurnsAsync(int count)
    {
        IReadOnlyList<StoredTurn> turns = await _store.ReadTurnsAsync(Room, 0, 10_000);
        Assert.Equal(Enumerable.Range(1, count).Select(static number => ((long)number, (byte)number)), turns.Select(static turn => (turn.Number, turn.Bytes.Span[0])));
        Assert.Equal(count, (await _store.OpenAsync(Room, Now)).LastTurn);
    }

    private string Connection(Action<NpgsqlConnectionStringBuilder> change)
    {
        var options = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
        change(options);
        return options.ConnectionString;
    }

    private async Task RunAsync(string sql)
    {
        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(_server.ConnectionString);
        await using NpgsqlCommand command = admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static int Number(NpgsqlDataSource source, string sql)
    {
        using NpgsqlCommand command = source.CreateCommand(sql);
        return (int)command.ExecuteScalar()!;
    }
}

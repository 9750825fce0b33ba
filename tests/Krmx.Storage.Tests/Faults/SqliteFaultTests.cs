using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Krmx.Sqlite;
using Microsoft.Data.Sqlite;

namespace Krmx.Storage.Tests.Faults;

/// <summary>Files that cannot be opened, and what goes wrong with one that is open: the error says what, and nothing that was stored is lost.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class SqliteFaultTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomKey Room = new("/", "a");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("Mode=ReadWrite", "Data Source")]
    [InlineData("Data Source=:memory:", "MemoryRoomStore")]
    [InlineData("Data Source=a;Mode=Memory", "MemoryRoomStore")]
    [InlineData("Data Source=file:a.db?mode=ro", "MemoryRoomStore")]
    [InlineData("Data Source=a;Mode=ReadOnly", "Mode=ReadOnly")]
    [InlineData("Data Source=a;Sauce=b", "sauce")]
    public void ConnectionString_ThatNamesNoFileIsRefused(string connectionString, string said)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => new SqliteRoomStore(connectionString));
        Assert.Contains(said, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Open_WithoutTheDirectoryFails()
    {
        await using var store = new SqliteRoomStore($"Data Source={_folder.Path("none/rooms.db")}");
        RoomStoreException error = await FailsAsync(store, isTransient: false);

        Assert.Contains($"The directory '{_folder.Path("none")}' of the room store '{_folder.Path("none/rooms.db")}' does not exist. Make it", error.Message, StringComparison.Ordinal);

        // The store need not be made anew.
        Directory.CreateDirectory(_folder.Path("none"));
        await store.OpenAsync(Room, Now);
    }

    [Fact]
    public async Task Open_OfAFileThatMayNotBeMadeFails()
    {
        await using var store = new SqliteRoomStore($"Data Source={_folder.Database};Mode=ReadWrite");

        await FailsAsync(store, isTransient: false, _folder.Database, "cannot be opened", "Mode");
    }

    [Fact]
    public async Task Open_OfAnotherKindOfFileFailsAndLeavesIt()
    {
        string text = string.Concat(Enumerable.Repeat("These are the minutes of our last meeting.\n", 100));
        await File.WriteAllTextAsync(_folder.Database, text);
        await using (SqliteRoomStore store = _folder.Store())
            await FailsAsync(store, isTransient: false, _folder.Database, "no SQLite database");

        Assert.Equal(text, await File.ReadAllTextAsync(_folder.Database));
    }

    [Fact]
    public async Task Open_OfAnotherProgramsDatabaseFailsAndLeavesIt()
    {
        _folder.Run("CREATE TABLE invoices (id INTEGER)");
        byte[] before = await File.ReadAllBytesAsync(_folder.Database);
        await using (SqliteRoomStore store = _folder.Store())
            await FailsAsync(store, isTransient: false, _folder.Database, "other tables");

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Database));
    }

    [Fact]
    public async Task Open_OfANewerSchemaFailsAndLeavesIt()
    {
        await StoreAsync(3);
        _folder.Run("UPDATE krmx SET version = 1000");
        byte[] before = await File.ReadAllBytesAsync(_folder.Database);
        await using (SqliteRoomStore store = _folder.Store())
            await FailsAsync(store, isTransient: false, _folder.Database, "newer", "1000");

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Database));
    }

    [Fact]
    public async Task Upgrade_IsOneTransaction()
    {
        await StoreAsync(3);
        using (var database = new SqliteDatabase(_folder.Database, $"Data Source={_folder.Database};Pooling=False"))
        {
            Assert.Throws<RoomStoreException>(() => SqliteSchema.Upgrade(database, _folder.Database, ["", "CREATE TABLE added (id INTEGER); CREATE TABLE rooms (id INTEGER);"]));
            Assert.Equal(1, database.Number("SELECT version FROM krmx"));
            Assert.Equal(0, database.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'added'"));

            SqliteSchema.Upgrade(database, _folder.Database, ["", "ALTER TABLE rooms ADD COLUMN added INTEGER;", "UPDATE rooms SET added = 5;"]);
            Assert.Equal(3, database.Number("SELECT version FROM krmx"));
            Assert.Equal(5, database.Number("SELECT added FROM rooms"));
        }
    }

    [Fact]
    public async Task Open_ByASecondStoreFailsUntilTheFirstIsDisposed()
    {
        SqliteRoomStore first = _folder.Store();
        await first.OpenAsync(Room, Now);
        File.CreateSymbolicLink(_folder.Path("link.db"), _folder.Database);
        await using SqliteRoomStore second = _folder.Store();
        await using var byALink = new SqliteRoomStore($"Data Source={_folder.Path("link.db")}");

        await FailsAsync(second, isTransient: false, _folder.Database, "open in another process");
        await FailsAsync(byALink, isTransient: false, _folder.Database, "open in another process");
        await first.OpenAsync(Room, Now);
        await first.DisposeAsync();
        await second.OpenAsync(Room, Now);
    }

    [Fact]
    public async Task Open_BesideAnotherProcessFailsUntilThatHasEnded()
    {
        using Process other = Process.Start(new ProcessStartInfo("flock", [_folder.Database + "-lock", "sh", "-c", "echo locked; cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync());
        await using SqliteRoomStore store = _folder.Store();
        await FailsAsync(store, isTransient: false, _folder.Database, "open in another process");

        other.StandardInput.Close();
        await other.WaitForExitAsync().Soon();
        await store.OpenAsync(Room, Now);
    }

    [Fact]
    public async Task Commit_WaitsForAnotherProgramsLockAndFailsWhereThatStays()
    {
        await using SqliteRoomStore store = _folder.Store();
        RoomCommit commit = Commit((await store.OpenAsync(Room, Now)).Epoch, 1);
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using SqliteTransaction transaction = other.BeginTransaction();
            Task committed = store.CommitAsync([commit]);
            // Readers go on, and so does whoever asked.
            Assert.Empty(await store.ReadTurnsAsync(Room, 0, 9));
            RoomStoreException error = await Assert.ThrowsAsync<RoomStoreException>(() => committed.Soon());
            Assert.True(error.IsTransient);
            Assert.Contains("Another program has locked the file", error.Message, StringComparison.Ordinal);

            committed = store.CommitAsync([commit]);
            transaction.Commit();
            await committed;
        }
        Assert.Single(await store.ReadTurnsAsync(Room, 0, 9));
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("file")]
    public async Task Open_WithoutWritePermissionFails(string what)
    {
        await StoreAsync(1);
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Enterable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode All = Enterable | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        string directory = Path.GetDirectoryName(_folder.Database)!;
        if (what == "file")
            File.Delete(_folder.Database + "-lock");
        File.SetUnixFileMode(_folder.Database, Readable);
        File.SetUnixFileMode(directory, what == "directory" ? Enterable : All);

        await using (SqliteRoomStore store = StoreWithoutPrivileges())
            await FailsAsync(store, isTransient: false, _folder.Database, "cannot be written", "write permission");
        File.SetUnixFileMode(directory, All);
    }

    [Fact]
    public async Task Read_OfADamagedTurnFailsAndNamesIt()
    {
        await StoreAsync(3);
        _folder.Run("UPDATE turns SET bytes = CAST(x'333334' AS BLOB) WHERE number = 2");
        await using SqliteRoomStore store = _folder.Store();
        Task<StoredRoom> whole = store.OpenAsync(new RoomKey("/", "whole"), Now);
        await FailsAsync(store, isTransient: false, _folder.Database, "damaged", "turn 2", "'/ a'");
        Assert.Equal(0, (await whole).LastTurn);
        Assert.Single(await store.ReadTurnsAsync(Room, 2, 9));
        await Assert.ThrowsAsync<RoomStoreException>(() => store.ReadTurnsAsync(Room, 1, 1));
    }

    [Theory]
    [InlineData("DELETE FROM turns WHERE number = 2")]
    [InlineData("DELETE FROM turns WHERE number = 3")]
    [InlineData("UPDATE rooms SET last_turn = 2")]
    public async Task Open_OfARoomThatIsNotAllThereFails(string damage)
    {
        await StoreAsync(3);
        _folder.Run(damage);
        await using SqliteRoomStore store = _folder.Store();

        await FailsAsync(store, isTransient: false, "damaged", "'/ a'");
        Assert.True(await store.DeleteAsync(Room));
        await store.OpenAsync(Room, Now);
    }

    /// <summary>Whatever byte of the file is another one: what is read is what was stored, or it is not read.</summary>
    [Fact]
    public async Task Read_OfADamagedFileNeverGivesOtherBytes()
    {
        await StoreAsync(200, bytes: 300);
        byte[] file = await File.ReadAllBytesAsync(_folder.Database);
        int failed = 0, same = 0;
        var random = new Random(5);
        for (int round = 0; round < 250; round++)
        {
            int at = random.Next(file.Length);
            byte[] damaged = [.. file];
            damaged[at] ^= (byte)(1 << random.Next(8));
            foreach (string left in Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!))
                File.Delete(left);
            await File.WriteAllBytesAsync(_folder.Database, damaged);
            await using SqliteRoomStore store = _folder.Store();
            try
            {
                StoredRoom room = await store.OpenAsync(Room, Now);
                Assert.All(room.Turns, turn => AssertIsTurn(turn, 300));
                // Where the name itself is damaged it is another room's.
                Assert.True(room.LastTurn is 200 or 0, $"{room.LastTurn} turns");
                same++;
            }
            catch (RoomStoreException)
            {
                failed++;
            }
        }

        Assert.True(failed > 100, $"{failed} of the damaged files were told of.");
        Assert.Equal(250, failed + same);
    }

    [Fact]
    public async Task Open_OfADamagedStructureFails()
    {
        await StoreAsync(200, bytes: 300);
        byte[] file = await File.ReadAllBytesAsync(_folder.Database);
        // All pages but the first: what says that it is a database is there still.
        file.AsSpan(4096).Fill(0x55);
        await File.WriteAllBytesAsync(_folder.Database, file);
        await using SqliteRoomStore store = _folder.Store();

        await FailsAsync(store, isTransient: false, _folder.Database, "damaged", "restore a backup");
    }

    [Fact]
    public async Task Commit_ToAFullDiskFailsAndSucceedsWhenThereIsSpace()
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        await store.CommitAsync([Commit(epoch, 1)]);
        await store.WriteAsync(static database => database.Number("PRAGMA max_page_count = 20"));
        RoomCommit large = new() { Room = Room, Epoch = epoch, Turns = [new(2, new byte[100_000])], Time = Now };

        for (int attempt = 0; attempt < 3; attempt++)
        {
            RoomStoreException error = await Assert.ThrowsAsync<RoomStoreException>(() => store.CommitAsync([large]));
            Assert.True(error.IsTransient);
            Assert.Contains("The disk is full. Make space", error.Message, StringComparison.Ordinal);
        }
        Assert.Single(await store.ReadTurnsAsync(Room, 0, 9));

        await store.WriteAsync(static database => database.Number("PRAGMA max_page_count = 100000"));
        await store.CommitAsync([large]);
        await store.CommitAsync([large]);
        Assert.Equal([1, 2], (await store.ReadTurnsAsync(Room, 0, 9)).Select(static turn => turn.Number));
    }

    /// <summary>What waits is stored together; what does not fit is not, and takes nothing else with it.</summary>
    [Fact]
    public async Task Commit_ThatFailsTakesNoOtherWithIt()
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        await store.WriteAsync(static database => database.Number("PRAGMA max_page_count = 30"));
        using var started = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        Task<bool> held = store.WriteAsync(_ =>
        {
            started.Set();
            return go.Wait(Patience.Limit);
        });
        started.Wait(Patience.Limit);
        Task<StoredRoom>[] opened = [.. Enumerable.Range(0, 20).Select(i => store.OpenAsync(new RoomKey("/", $"{i}"), Now))];
        Task large = store.CommitAsync([new RoomCommit { Room = Room, Epoch = epoch, Turns = [new(1, new byte[200_000])], Time = Now }]);
        Task<StoredRoom> last = store.OpenAsync(new RoomKey("/", "last"), Now);
        go.Set();

        await Assert.ThrowsAsync<RoomStoreException>(() => large);
        Assert.True(await held);
        Assert.Equal(21, (await Task.WhenAll([.. opened, last])).Select(static room => room.Epoch).Distinct().Count());
        Assert.Equal(22, (await store.ListAsync("/", null, 100)).Count);
    }

    [Fact]
    public async Task Log_DoesNotGrowWithoutBound()
    {
        const long Bound = 80 << 20;
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        byte[] megabyte = new byte[1 << 20];
        using (var reader = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            // Whoever reads keeps the log from being written over.
            reader.Open();
            using SqliteTransaction reading = reader.BeginTransaction(deferred: true);
            using SqliteCommand read = reader.CreateCommand();
            read.CommandText = "SELECT count(*) FROM rooms";
            read.ExecuteScalar();
            await WriteAsync(100);
            Assert.True(new FileInfo(_folder.Database + "-wal").Length > Bound);
        }
        await WriteAsync(2);
        Assert.True(new FileInfo(_folder.Database + "-wal").Length < Bound / 4);
        await WriteAsync(150);
        Assert.True(new FileInfo(_folder.Database + "-wal").Length < Bound);
        Assert.True(new FileInfo(_folder.Database).Length < Bound / 4);

        async Task WriteAsync(int times)
        {
            for (int i = 0; i < times; i++)
                await store.CommitAsync([new RoomCommit { Room = Room, Epoch = epoch, Snapshot = new(0, megabyte), Time = Now }]);
        }
    }

    [Fact]
    public async Task Backup_OfARunningStoreIsOfOneMoment()
    {
        await using SqliteRoomStore store = _folder.Store();
        RoomKey[] rooms = [new("/", "a"), new("/", "b")];
        long[] epochs = [(await store.OpenAsync(rooms[0], Now)).Epoch, (await store.OpenAsync(rooms[1], Now)).Epoch];
        using var stop = new CancellationTokenSource();
        long stored = 0;
        Task commits = Task.Run(async () =>
        {
            for (long number = 1; !stop.IsCancellationRequested; number++)
            {
                await store.CommitAsync([.. rooms.Select((room, i) => new RoomCommit { Room = room, Epoch = epochs[i], Turns = [Turn(number, 200)], Time = Now })]);
                Volatile.Write(ref stored, number);
            }
        });
        for (int i = 0; i < 5; i++)
        {
            long before = Volatile.Read(ref stored);
            await Patience.Until(() => Volatile.Read(ref stored) > before + 20, "commits go on");
            before = Volatile.Read(ref stored);
            await store.BackupAsync(_folder.Path($"copy-{i}.db"));
            await using var copy = new SqliteRoomStore($"Data Source={_folder.Path($"copy-{i}.db")}");
            long last = (await copy.OpenAsync(rooms[0], Now)).LastTurn;
            Assert.InRange(last, before, Volatile.Read(ref stored) + 1);
            Assert.Equal(last, (await copy.OpenAsync(rooms[1], Now)).LastTurn);
        }
        await stop.CancelAsync();
        await commits;
    }

    [Fact]
    public async Task Backup_ThatCannotBeMadeLeavesNothingAndTheStoreGoesOn()
    {
        await StoreAsync(3);
        await using SqliteRoomStore store = _folder.Store();
        await File.WriteAllTextAsync(_folder.Path("there.db"), "something");

        IOException exists = await Assert.ThrowsAsync<IOException>(() => store.BackupAsync(_folder.Path("there.db")));
        Assert.Contains(_folder.Path("there.db"), exists.Message, StringComparison.Ordinal);
        DirectoryNotFoundException missing = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => store.BackupAsync(_folder.Path("none/copy.db")));
        Assert.Contains(_folder.Path("none"), missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.BackupAsync(_folder.Path("cancelled.db"), new CancellationToken(canceled: true)));

        Assert.Equal("something", await File.ReadAllTextAsync(_folder.Path("there.db")));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!, "*cancelled*"));
        Assert.Equal(3, (await store.OpenAsync(Room, Now)).LastTurn);
    }

    [Fact]
    public async Task Dispose_DoesWhatWasAskedForAndNothingMore()
    {
        SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        Task[] commits = [.. Enumerable.Range(1, 50).Select(number => store.CommitAsync([Commit(epoch, number)]))];
        await store.DisposeAsync();
        await Task.WhenAll(commits);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.OpenAsync(Room, Now));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ListAsync("/", null, 1));
        await using SqliteRoomStore next = _folder.Store();
        Assert.Equal(50, (await next.OpenAsync(Room, Now)).LastTurn);
        Assert.False(File.Exists(_folder.Path("rooms.db-journal")));
    }

    [Fact]
    public async Task Cancelled_CallsWaitNoLonger()
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        using var go = new ManualResetEventSlim();
        Task<bool> held = store.WriteAsync(_ => go.Wait(Patience.Limit));
        using var cancellation = new CancellationTokenSource();
        Task commit = store.CommitAsync([Commit(epoch, 1)], cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        go.Set();
        Assert.True(await held);
        await store.CommitAsync([Commit(epoch, 1)]);
        Assert.Single(await store.ReadTurnsAsync(Room, 0, 9));
    }

    private static RoomCommit Commit(long epoch, long number) => new() { Room = Room, Epoch = epoch, Turns = [Turn(number, 3)], Time = Now };

    private static StoredTurn Turn(long number, int bytes) => new(number, Enumerable.Repeat((byte)number, bytes).ToArray());

    private static void AssertIsTurn(StoredTurn turn, int bytes) => Assert.True(turn.Bytes.Span.SequenceEqual(Turn(turn.Number, bytes).Bytes.Span));

    /// <summary>Makes the file, with turns of one room.</summary>
    private async Task StoreAsync(int turns, int bytes = 3)
    {
        await using SqliteRoomStore store = _folder.Store();
        long epoch = (await store.OpenAsync(Room, Now)).Epoch;
        await store.CommitAsync([new RoomCommit { Room = Room, Epoch = epoch, Turns = [.. Enumerable.Range(1, turns).Select(number => Turn(number, bytes))], Time = Now }]);
    }

    private static async Task<RoomStoreException> FailsAsync(SqliteRoomStore store, bool isTransient, params string[] said)
    {
        RoomStoreException error = await Assert.ThrowsAsync<RoomStoreException>(() => store.OpenAsync(Room, Now));
        Assert.Equal(isTransient, error.IsTransient);
        Assert.All(said, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        return error;
    }

    /// <summary>Makes a store whose threads have no more rights to files than anybody, though the tests may run as root.</summary>
    private SqliteRoomStore StoreWithoutPrivileges()
    {
        SqliteRoomStore store = null!;
        var maker = new Thread(() =>
        {
            // Of this thread and those that it makes.
            if (Environment.IsPrivilegedProcess)
                _ = SetFileUser(65534);
            store = _folder.Store();
        });
        maker.Start();
        maker.Join();
        return store;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}

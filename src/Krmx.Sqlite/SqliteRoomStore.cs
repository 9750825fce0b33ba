using Krmx.Storage;

namespace Krmx.Sqlite;

/// <summary>Keeps rooms in a SQLite file on a local disk, for one process at a time.</summary>
/// <remarks>
/// What has completed is on the disk, also where the machine loses its power. Beside the file are its log (<c>-wal</c>, <c>-shm</c>) and a lock
/// (<c>-lock</c>) that keeps a second process out; other programs may read the file meanwhile. Failures are told by <see cref="RoomStoreException"/>.
/// </remarks>
public sealed class SqliteRoomStore : IRoomStore
{
    private readonly SqliteFile _file;
    private readonly SqliteWorker _writer;
    private readonly SqliteWorker _reader;
    private volatile bool _isOpen;
    private Task? _disposal;

    /// <summary>Makes a store; the file is opened, and made where there is none, when it is used first.</summary>
    /// <param name="connectionString">SQLite's own, such as <c>Data Source=rooms.db</c>.</param>
    /// <exception cref="ArgumentException">The connection string names no file that can be written.</exception>
    public SqliteRoomStore(string connectionString)
        : this(connectionString, isReader: false)
    {
    }

    private SqliteRoomStore(string connectionString, bool isReader)
    {
        _isOpen = isReader;
        _file = new SqliteFile(connectionString);
        _writer = new SqliteWorker("Krmx.Sqlite writer", "BEGIN IMMEDIATE", isReader ? RefuseWriting : _file.OpenForWriting, _file.Checkpoint);
        _reader = new SqliteWorker("Krmx.Sqlite reader", "BEGIN", _file.OpenForReading, static _ => { });
    }

    /// <summary>Opens the file of a store to read what is stored, also while a server has it; whatever would change something fails.</summary>
    /// <param name="connectionString">SQLite's own, such as <c>Data Source=rooms.db</c>.</param>
    /// <exception cref="ArgumentException">The connection string names no file.</exception>
    /// <exception cref="RoomStoreException">There is no such file, or it is no store of rooms.</exception>
    public static SqliteRoomStore OpenReader(string connectionString)
    {
        var store = new SqliteRoomStore(connectionString, isReader: true);
        store._file.CheckReadable();
        return store;
    }

    /// <inheritdoc/>
    public async Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        long epoch = await _writer.RunAsync(database => SqliteRooms.Open(database, room, now), cancellationToken).ConfigureAwait(false);
        return await ReadAsync(database => SqliteRooms.Read(database, _file.Path, room, epoch), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default)
    {
        CommitPlan.Check(commits);
        InvalidOperationException? refusal = await _writer.RunAsync(database => SqliteRooms.Commit(database, commits), cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            throw refusal;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        return _writer.RunAsync(database => SqliteRooms.Delete(database, room, epoch), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default)
    {
        new RoomKey(route, after ?? "").EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return ReadAsync(database => SqliteRooms.List(database, route, after, count), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return _writer.RunAsync(database => SqliteRooms.ClaimDue(database, route, now, overdue, claimedUntil, count), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default) =>
        ReadAsync(database => SqliteRooms.NextAlarm(database, route), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteUnusedAsync(
        string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return _writer.RunAsync(database => SqliteRooms.DeleteUnused(database, route, unusedSince, count), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return ReadAsync(database => SqliteRooms.ReadTurns(database, _file.Path, room, after, count), cancellationToken);
    }

    /// <summary>Lists the routes of which rooms are stored, in order.</summary>
    public Task<IReadOnlyList<string>> ListRoutesAsync(CancellationToken cancellationToken = default) => ReadAsync(SqliteRooms.ListRoutes, cancellationToken);

    /// <summary>Copies all that is stored to a new file, as of one moment, while rooms go on; the copy is a store of its own.</summary>
    /// <param name="path">The new file.</param>
    /// <param name="cancellationToken">Ends it; nothing of the copy stays then.</param>
    /// <exception cref="IOException">There is such a file already, or no such directory.</exception>
    /// <exception cref="RoomStoreException">The copy could not be written; the store goes on.</exception>
    public async Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        await Task.Factory.StartNew(
            () => _file.CopyTo(path, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    /// <summary>Does what was asked for before, and closes the file; then another process may open it.</summary>
    public ValueTask DisposeAsync() => new(_disposal ??= CloseAsync());

    /// <summary>For tests: does something in a transaction of the thread that writes.</summary>
    internal Task<T> WriteAsync<T>(Func<SqliteDatabase, T> write) => _writer.RunAsync(write, CancellationToken.None);

    private static SqliteDatabase RefuseWriting() =>
        throw new RoomStoreException("The room store was opened to be read, and nothing in it can be changed so.");

    private async Task CloseAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }

    private async Task<T> ReadAsync<T>(Func<SqliteDatabase, T> read, CancellationToken cancellationToken)
    {
        await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        return await _reader.RunAsync(read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has the writer take the file and make its tables, which a reader cannot.</summary>
    private async Task EnsureOpenAsync(CancellationToken cancellationToken)
    {
        if (_isOpen)
            return;
        await _writer.RunAsync(static _ => true, cancellationToken).ConfigureAwait(false);
        _isOpen = true;
    }
}

using Krmx.Storage;
using Microsoft.Data.Sqlite;

namespace Krmx.Sqlite;

/// <summary>The file of a store: opened by one process at a time, and copied while it is open.</summary>
internal sealed class SqliteFile : IDisposable
{
    // SQLite writes over the log from its beginning whenever nobody reads it; so it grows this far only behind a long backup.
    private const long MaxLogBytes = 64 << 20;

    private readonly SqliteConnectionStringBuilder _options;
    private FileStream? _lock;

    /// <param name="connectionString">SQLite's own, with the file as <c>Data Source</c>.</param>
    public SqliteFile(string connectionString)
    {
        _options = Check(connectionString);
        Path = System.IO.Path.GetFullPath(_options.DataSource);
        // Whoever comes by a link must find the same lock.
        if (File.Exists(Path))
            Path = File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? Path;
        _options.DataSource = Path;
    }

    public string Path { get; }

    /// <exception cref="ArgumentException">The connection string names no file that can be written.</exception>
    public static SqliteConnectionStringBuilder Check(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var options = new SqliteConnectionStringBuilder(connectionString) { Pooling = false, Cache = SqliteCacheMode.Private };
        string source = options.DataSource;
        if (source.Length == 0)
            throw new ArgumentException("The connection string has no 'Data Source'. Name a file, as in 'Data Source=rooms.db'.", nameof(connectionString));
        if (options.Mode == SqliteOpenMode.Memory || source.StartsWith(":memory:", StringComparison.Ordinal) || source.StartsWith("file:", StringComparison.Ordinal))
            throw new ArgumentException($"'{source}' is no path of a file, as a store of rooms needs. Tests can use MemoryRoomStore.", nameof(connectionString));
        if (options.Mode == SqliteOpenMode.ReadOnly)
            throw new ArgumentException("A store of rooms is written to. Leave 'Mode=ReadOnly' out.", nameof(connectionString));
        return options;
    }

    /// <summary>Takes the file for this process, makes or upgrades what is in it, and opens it for writing.</summary>
    public SqliteDatabase OpenForWriting()
    {
        string directory = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(directory))
            throw new RoomStoreException($"The directory '{directory}' of the room store '{Path}' does not exist. Make it, or name another file in 'Data Source'.");
        Lock();
        SqliteDatabase? database = null;
        try
        {
            SqliteLog.Check(Path);
            database = new SqliteDatabase(Path, _options.ConnectionString);
            SqliteSchema.Check(database, Path);
            using (SqlRows mode = database.Query("PRAGMA journal_mode = WAL"))
            {
                if (!mode.Next() || mode.Text(0) != "wal")
                    throw new RoomStoreException($"The room store '{Path}' is on a file system that SQLite cannot keep a write-ahead log on. Use a local disk.");
            }
            // Full: what was committed is on the disk, not only what a crash of the process would leave.
            database.Execute($"PRAGMA synchronous = FULL; PRAGMA journal_size_limit = {MaxLogBytes}");
            SqliteSchema.Upgrade(database, Path);
            return database;
        }
        catch
        {
            database?.Dispose();
            Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file that is not there, or is no store.</summary>
    public void CheckReadable()
    {
        if (!File.Exists(Path))
            throw new RoomStoreException($"There is no room store '{Path}'. Name the file that the server has as 'Data Source'.");
        using SqliteDatabase database = OpenForReading();
        SqliteSchema.Check(database, Path);
        if (!SqliteSchema.IsStore(database))
            throw new RoomStoreException($"'{Path}' is no store of rooms. Name the file that the server has as 'Data Source'.");
    }

    /// <summary>Opens the file for reading, when it has been opened for writing.</summary>
    public SqliteDatabase OpenForReading()
    {
        var database = new SqliteDatabase(Path, _options.ConnectionString);
        database.Execute("PRAGMA query_only = ON");
        return database;
    }

    /// <summary>Empties the log where it has grown beside somebody who read for long.</summary>
    public void Checkpoint(SqliteDatabase database)
    {
        if (new FileInfo(Path + "-wal") is not { Exists: true, Length: > MaxLogBytes })
            return;
        // It is tried again after the next transaction, so nobody has to wait for the end of a backup here.
        database.Execute("PRAGMA busy_timeout = 0");
        database.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        database.Execute(SqliteDatabase.Patience);
    }

    /// <summary>Copies what is stored to a new file, all of one moment.</summary>
    public void CopyTo(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string target = System.IO.Path.GetFullPath(path);
        if (File.Exists(target))
            throw new IOException($"The backup '{target}' exists already. Name another file, or delete that one.");
        if (System.IO.Path.GetDirectoryName(target) is string directory && !Directory.Exists(directory))
            throw new DirectoryNotFoundException($"The directory '{directory}' of the backup '{target}' does not exist. Make it, or name another file.");
        string unfinished = target + ".unfinished";
        try
        {
            File.Delete(unfinished);
            using SqliteDatabase database = OpenForReading();
            using (cancellationToken.Register(database.Interrupt))
            {
                // SQLite forbids it where only queries are allowed, though it changes nothing here.
                database.Execute("PRAGMA query_only = OFF");
                database.Run("VACUUM INTO ?", unfinished);
            }
            using (FileStream copy = File.Open(unfinished, FileMode.Open, FileAccess.ReadWrite))
                copy.Flush(flushToDisk: true);
            File.Move(unfinished, target);
        }
        catch (RoomStoreException error)
        {
            File.Delete(unfinished);
            cancellationToken.ThrowIfCancellationRequested();
            throw new RoomStoreException($"The backup '{target}' of the room store failed; the store goes on. {error.Message}", error) { IsTransient = error.IsTransient };
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    /// <remarks>
    /// Locks of SQLite's own would keep out readers and backups as well. The file stays behind: who deletes a lock may delete another's.
    /// </remarks>
    private void Lock()
    {
        string path = Path + "-lock";
        if (_lock is not null)
            return;
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new RoomStoreException($"The room store '{Path}' cannot be written. Give the server's user write permission for it and its directory. ({error.Message})", error);
        }
        catch (IOException error)
        {
            throw new RoomStoreException(
                $"The room store '{Path}' is open in another process or by another store of this one, and can be open once. End that one, or name another file in 'Data Source'. ({error.Message})", error);
        }
    }
}

using Krmx.Storage;
using SQLitePCL;

namespace Krmx.Sqlite;

/// <summary>What SQLite's codes mean to whoever runs the server.</summary>
internal static class SqliteFailure
{
    /// <param name="path">The file.</param>
    /// <param name="code">SQLite's code, extended or not.</param>
    /// <param name="said">SQLite's own words.</param>
    /// <param name="cause">The exception that told of it, where there is one.</param>
    public static RoomStoreException Of(string path, int code, string said, Exception? cause = null)
    {
        (string advice, bool isTransient) = (code & 0xff) switch
        {
            raw.SQLITE_FULL => ("The disk is full. Make space: what was stored is still there, and the same will succeed then.", true),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => ("Another program has locked the file. End it, or what it does with the file.", true),
            raw.SQLITE_IOERR => ("The disk does not read or write. Look at the system's log, and at the space that is left.", true),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => ("It cannot be written. Give the server's user write permission for the file and its directory.", false),
            raw.SQLITE_CANTOPEN => ("It cannot be opened. Give the server's user permission for the file and its directory, and see that the file exists where 'Mode' does not let it be made.", false),
            raw.SQLITE_CORRUPT => ("The file is damaged. Stop the server and restore a backup; 'sqlite3 FILE .recover' may save some of it.", false),
            raw.SQLITE_NOTADB => ("The file is no SQLite database, or an encrypted one. Name another file in 'Data Source'.", false),
            raw.SQLITE_NOMEM => ("There is no memory left.", true),
            _ => ("", false),
        };
        return new RoomStoreException($"The room store '{path}' failed. {advice} (SQLite, code {code}: {said})".Replace("  ", " ", StringComparison.Ordinal), cause)
        {
            IsTransient = isTransient,
        };
    }
}

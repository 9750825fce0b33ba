using SQLitePCL;

namespace Krmx.Sqlite;

/// <summary>The rows of a statement that was begun; when it is disposed the statement can be begun anew.</summary>
internal readonly ref struct SqlRows(SqliteDatabase database, sqlite3_stmt statement)
{
    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next() => database.Check(raw.sqlite3_step(statement)) == raw.SQLITE_ROW;

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public DateTimeOffset? Time(int column) => IsNull(column) ? null : new DateTimeOffset(Number(column), TimeSpan.Zero);

    // What it returns is the failure of the step before, which has been told.
    public void Dispose() => _ = raw.sqlite3_reset(statement);
}

using Krmx.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Krmx.Sqlite;

/// <summary>A connection to the file, for one thread; statements are prepared once.</summary>
/// <remarks>Below ADO.NET, so that bytes are bound where they are, and a locked file is waited for by SQLite itself.</remarks>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a file is waited for that another program has locked.</summary>
    public const string Patience = "PRAGMA busy_timeout = 5000";

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, sqlite3_stmt> _statements = [];

    /// <param name="path">The file, as errors name it.</param>
    /// <param name="connectionString">How it is opened.</param>
    public SqliteDatabase(string path, string connectionString)
    {
        _path = path;
        try
        {
            _connection = new SqliteConnection(connectionString);
        }
        catch (TypeInitializationException error) when (error.GetBaseException() is DllNotFoundException)
        {
            throw new RoomStoreException("SQLite is missing: put the library e_sqlite3, which is published with the program, beside it.", error);
        }
        try
        {
            _connection.Open();
            Execute(Patience);
        }
        catch (SqliteException error)
        {
            Dispose();
            throw SqliteFailure.Of(path, error.SqliteExtendedErrorCode, error.Message, error);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private sqlite3 Handle => _connection.Handle!;

    private bool IsInTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>Begins a statement; the rows come as they are asked for.</summary>
    public SqlRows Query(string sql, params ReadOnlySpan<SqlValue> values)
    {
        if (!_statements.TryGetValue(sql, out sqlite3_stmt? statement))
        {
            Check(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
            _statements.Add(sql, statement);
        }
        for (int i = 0; i < values.Length; i++)
        {
            SqlValue value = values[i];
            Check(value.Kind switch
            {
                SqlValue.SqlKind.Number => raw.sqlite3_bind_int64(statement, i + 1, value.Number),
                SqlValue.SqlKind.Text => raw.sqlite3_bind_text(statement, i + 1, value.Text),
                SqlValue.SqlKind.Bytes when value.Bytes.Length == 0 => raw.sqlite3_bind_zeroblob(statement, i + 1, 0),
                SqlValue.SqlKind.Bytes => raw.sqlite3_bind_blob(statement, i + 1, value.Bytes.Span),
                _ => raw.sqlite3_bind_null(statement, i + 1),
            });
        }
        return new SqlRows(this, statement);
    }

    /// <summary>Runs a statement to its end.</summary>
    public void Run(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using SqlRows rows = Query(sql, values);
        while (rows.Next())
        {
        }
    }

    /// <summary>Runs a statement whose first row has one number.</summary>
    public long Number(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using SqlRows rows = Query(sql, values);
        return rows.Next() ? rows.Number(0) : 0;
    }

    /// <summary>Runs statements that are not kept.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    /// <summary>Takes back what was done since the transaction began, where SQLite has not done so already.</summary>
    public void RollBack()
    {
        if (IsInTransaction)
            Execute("ROLLBACK");
    }

    /// <summary>Ends what runs on this connection, from any thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(Handle);

    /// <exception cref="RoomStoreException">The code is that of a failure.</exception>
    public int Check(int code) => code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE
        ? code
        : throw SqliteFailure.Of(_path, raw.sqlite3_extended_errcode(Handle), raw.sqlite3_errmsg(Handle).utf8_to_string());

    public void Dispose()
    {
        foreach (sqlite3_stmt statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }
}

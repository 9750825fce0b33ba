using Krmx.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps rooms in a SQLite file.</summary>
public static class KrmxSqliteBuilderExtensions
{
    /// <summary>Keeps rooms in a SQLite file, so that they outlive the process.</summary>
    /// <param name="builder">What <c>AddKrmx</c> returned.</param>
    /// <param name="connectionString">SQLite's own, such as <c>Data Source=rooms.db</c>.</param>
    /// <exception cref="ArgumentException">The connection string names no file that can be written.</exception>
    /// <exception cref="InvalidOperationException">There is a store already.</exception>
    public static IKrmxBuilder UseSqlite(this IKrmxBuilder builder, string connectionString)
    {
        SqliteFile.Check(connectionString);
        return builder.UseStore(nameof(UseSqlite), _ => new SqliteRoomStore(connectionString));
    }
}

using Krmx.PostgreSql;
using Krmx.Sqlite;
using Krmx.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.DurableBench;

/// <summary>A store to measure, each time a new one.</summary>
internal sealed record StoreKind(string Name, Func<Action<IKrmxBuilder>> Use, Func<IRoomStore> Create)
{
    private static int _last;

    public static StoreKind Sqlite(string folder) => new(
        "SQLite",
        () =>
        {
            string file = Next(folder);
            return builder => builder.UseSqlite($"Data Source={file}");
        },
        () => new SqliteRoomStore($"Data Source={Next(folder)}"));

    public static StoreKind PostgreSql(string connection) => new(
        "PostgreSQL",
        () => builder => builder.UsePostgreSql(connection),
        () => new PostgreSqlRoomStore(connection));

    private static string Next(string folder) => Path.Combine(folder, $"{++_last}.db");
}

using Krmx.PostgreSql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps rooms in a PostgreSQL database.</summary>
public static class KrmxPostgreSqlBuilderExtensions
{
    /// <summary>Keeps rooms in a PostgreSQL database, so that they outlive the process; several servers may share it.</summary>
    /// <param name="builder">What <c>AddKrmx</c> returned.</param>
    /// <param name="connectionString">Npgsql's own, such as <c>Host=localhost;Username=krmx;Password=…;Database=krmx</c>.</param>
    /// <param name="schema">The schema that has the tables; it is made where it is missing. Default: <c>krmx</c>.</param>
    /// <exception cref="ArgumentException">The connection string has something that Npgsql does not know, or no host.</exception>
    /// <exception cref="InvalidOperationException">There is a store already.</exception>
    public static IKrmxBuilder UsePostgreSql(this IKrmxBuilder builder, string connectionString, string schema = "krmx")
    {
        PostgreSqlRoomStore.Connect(connectionString).Dispose();
        ArgumentException.ThrowIfNullOrEmpty(schema);
        return builder.UseStore(nameof(UsePostgreSql), _ => new PostgreSqlRoomStore(connectionString, schema));
    }
}

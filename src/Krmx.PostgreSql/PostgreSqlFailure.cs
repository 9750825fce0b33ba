using Krmx.Storage;
using Npgsql;

namespace Krmx.PostgreSql;

/// <summary>What failures of a server mean to whoever runs it.</summary>
internal static class PostgreSqlFailure
{
    /// <param name="source">The server.</param>
    /// <param name="cause">What it, or the way to it, failed with.</param>
    public static RoomStoreException Of(NpgsqlDataSource source, NpgsqlException cause)
    {
        string advice = (cause as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "Check the user name and the password of the connection string.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database, or name another one in the connection string.",
            PostgresErrorCodes.InsufficientPrivilege => "Grant the user CREATE on the database, or make it the owner of the schema.",
            PostgresErrorCodes.DuplicateTable => "Its schema has other tables of these names: give the store a schema of its own.",
            PostgresErrorCodes.UndefinedTable => "Its tables were deleted while it ran: restore them, or restart the servers to have new ones.",
            PostgresErrorCodes.ReadOnlySqlTransaction => "It does not write: connect to the primary.",
            PostgresErrorCodes.DiskFull => "Its disk is full. Make space: what was stored is still there, and the same will succeed then.",
            PostgresErrorCodes.TooManyConnections => "It has no connection left: raise its max_connections, or set 'Maximum Pool Size' in the connection string.",
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => "Its files are damaged: restore a backup.",
            null => "See that it runs, and that 'Host' and 'Port' of the connection string are its own.",
            _ => "",
        };
        return new RoomStoreException($"The room store in PostgreSQL, {Where(source)}, failed. {advice} ({cause.Message})".Replace("  ", " ", StringComparison.Ordinal), cause)
        {
            IsTransient = cause.IsTransient,
        };
    }

    /// <summary>The server and the database, as its administrator knows them.</summary>
    public static string Where(NpgsqlDataSource source)
    {
        var options = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        return $"database '{options.Database ?? options.Username}' at {options.Host}:{options.Port}";
    }
}

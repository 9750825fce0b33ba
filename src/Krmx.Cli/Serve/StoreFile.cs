using Microsoft.Data.Sqlite;

namespace Krmx.Cli.Serve;

/// <summary>The file that rooms are kept in.</summary>
internal static class StoreFile
{
    /// <summary>How its store is opened, whatever characters its path has.</summary>
    public static string ConnectionString(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
}

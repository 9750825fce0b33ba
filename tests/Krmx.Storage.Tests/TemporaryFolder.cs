using Krmx.Sqlite;
using Microsoft.Data.Sqlite;

namespace Krmx.Storage.Tests;

/// <summary>A folder that goes with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("krmx-store-");

    public string Database => Path("rooms.db");

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string ConnectionString => $"Data Source={Database}";

    public SqliteRoomStore Store() => new(ConnectionString);

    /// <summary>Runs SQL on the file, beside a store or without one, as another program would.</summary>
    public long Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

using Krmx.Sqlite;

namespace Krmx.Storage.Tests;

/// <summary>A folder that goes with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("krmx-store-");

    public string Database => Path("rooms.db");

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public SqliteRoomStore Store() => new($"Data Source={Database}");

    public void Dispose() => _folder.Delete(recursive: true);
}

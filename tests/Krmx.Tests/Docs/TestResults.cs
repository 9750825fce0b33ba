namespace Krmx.Tests.Docs;

/// <summary>Where tests leave what a person may want to read.</summary>
internal static class TestResults
{
    public static string File(string name)
    {
        string artifacts = Environment.GetEnvironmentVariable("ArtifactsPath") ?? RepositoryFile.Path("artifacts");
        string folder = Path.Combine(artifacts, "test-results");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}

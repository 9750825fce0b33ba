using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Corpus;

/// <summary>The files of tests/corpus; its README says what they are and what each expects.</summary>
internal static class HostileCorpus
{
    private static readonly string Root = RepositoryFile.Path("tests/corpus");

    /// <summary>The names of a folder's inputs, with their extension.</summary>
    public static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(Path.Combine(Root, folder))
        .Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".payload", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>An input as the frame that carries it.</summary>
    public static WireFrame Frame(string folder, string name) => new(
        name.EndsWith(".bin", StringComparison.Ordinal) ? WireFrame.Binary : WireFrame.TextOpcode,
        File.ReadAllBytes(Path.Combine(Root, folder, name)));

    /// <summary>What a valid message comes back as.</summary>
    public static string Echo(string name)
    {
        string payload = Path.ChangeExtension(Path.Combine(Root, "messages/valid", name), ".payload");
        return File.Exists(payload) ? $$"""{"type":"echo","payload":{{File.ReadAllText(payload)}}}""" : """{"type":"echo"}""";
    }

    /// <summary>The rows of a table: a name, and what it says of it.</summary>
    public static Dictionary<string, string> Table(string name) => File.ReadLines(Path.Combine(Root, name))
        .Select(line => line.Split('\t')).ToDictionary(columns => columns[0], columns => columns[1]);
}

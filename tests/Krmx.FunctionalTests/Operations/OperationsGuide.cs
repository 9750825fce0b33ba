using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Operations;

/// <summary>docs/operations.md: its configuration files and tables, as a reader finds them.</summary>
internal static class OperationsGuide
{
    private static readonly string[] Lines = File.ReadAllLines(RepositoryFile.Path("docs/operations.md"));

    /// <summary>The one fenced block of a language, with values of the test's own in place of those a reader replaces.</summary>
    public static string Block(string language, params (string Written, string Used)[] values)
    {
        int start = Assert.Single(Enumerable.Range(0, Lines.Length), i => Lines[i] == $"```{language}");
        string block = string.Join('\n', Lines.Skip(start + 1).TakeWhile(line => line != "```")) + "\n";
        foreach ((string written, string used) in values)
        {
            Assert.Contains(written, block);
            block = block.Replace(written, used, StringComparison.Ordinal);
        }
        return block;
    }

    /// <summary>The rows of the table whose first column has a heading, as the plain texts of their cells.</summary>
    public static string[][] Table(string heading)
    {
        int start = Assert.Single(Enumerable.Range(0, Lines.Length), i => Lines[i].StartsWith($"| {heading} |", StringComparison.Ordinal));
        return [.. Lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>Asserts that the guide has a text, wherever its lines end.</summary>
    public static void Says(string text) => Assert.Contains(text, string.Join(' ', Lines), StringComparison.Ordinal);

    private static string[] Cells(string row) =>
        [.. row.Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal))];
}

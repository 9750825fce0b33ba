namespace Krmx.Simulation.Mutation;

/// <summary>A defect put into the core's source: one piece of text, which stands there exactly once, replaced by another.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="Section">Where docs/protocol.md says otherwise; "alarms" for that section of docs/architecture.md.</param>
/// <param name="File">The source, below src/Krmx.Core.</param>
/// <param name="Original">What stands there.</param>
/// <param name="Defect">What is put there.</param>
public sealed record Mutant(string Name, string Section, string File, string Original, string Defect)
{
    /// <summary>A second piece of text to replace in the same file, where one does no harm alone; null where one does.</summary>
    public (string Original, string Defect)? Also { get; init; }

    /// <summary>Puts the defect into the source.</summary>
    public string Apply(string source)
    {
        source = Replace(source, Original, Defect);
        return Also is (string original, string defect) ? Replace(source, original, defect) : source;
    }

    private string Replace(string source, string original, string defect)
    {
        int at = source.IndexOf(original, StringComparison.Ordinal);
        if (at < 0 || source.IndexOf(original, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"The mutant '{Name}' is stale: its text must stand exactly once in {File}: {original}");
        return source.Replace(original, defect, StringComparison.Ordinal);
    }
}

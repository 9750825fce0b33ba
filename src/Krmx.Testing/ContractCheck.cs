namespace Krmx.Testing;

/// <summary>Compares a contract with the committed one that clients were made from, so that nobody breaks them without knowing.</summary>
public static class ContractCheck
{
    /// <summary>The environment variable that has <see cref="Verify"/> write the document instead: <c>KRMX_UPDATE_CONTRACT=1</c>.</summary>
    public const string UpdateVariable = "KRMX_UPDATE_CONTRACT";

    /// <summary>Demands that a committed document is up to date, and says which changes break the clients that were made from it.</summary>
    /// <param name="path">The committed document; where there is none it is written, and is to be committed.</param>
    /// <param name="document">What the contract is now, as <see cref="TestRoom.DescribeContract"/> gives it.</param>
    /// <exception cref="ContractCheckException">The committed document is another one, or there was none.</exception>
    /// <exception cref="FormatException">The committed document is no contract.</exception>
    public static void Verify(string path, string document)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(document);
        string? committed = File.Exists(path) ? File.ReadAllText(path) : null;
        if (committed is not null && committed.ReplaceLineEndings("\n") == document.ReplaceLineEndings("\n"))
            return;
        if (committed is null || Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, document);
            if (committed is null)
                throw new ContractCheckException($"there was no contract at {path}: it is written now, so commit it", []);
            return;
        }
        IReadOnlyList<string> breaking = FindBreakingChanges(committed, document);
        string update = $"run the test with {UpdateVariable}=1, and commit the file";
        throw new ContractCheckException(
            breaking.Count == 0
                ? $"{path} is out of date, though nothing breaks that was made from it: {update}"
                : $"clients that were made from {path} break: {string.Join("; ", breaking)}. Take that back, or, if it is meant, {update}",
            breaking);
    }

    /// <summary>Says what clients that were made from one contract would stumble over with another one.</summary>
    /// <param name="committed">The document that they were made from.</param>
    /// <param name="current">The document of the server they would talk to.</param>
    /// <returns>What breaks, each in a sentence; empty where nothing does.</returns>
    /// <exception cref="FormatException">A document is no contract.</exception>
    public static IReadOnlyList<string> FindBreakingChanges(string committed, string current)
    {
        ArgumentNullException.ThrowIfNull(committed);
        ArgumentNullException.ThrowIfNull(current);
        return new ContractComparison(new ContractReader(committed), new ContractReader(current)).FindBreakingChanges();
    }
}

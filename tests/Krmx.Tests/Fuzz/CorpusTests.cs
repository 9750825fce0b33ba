using Krmx.Fuzz;

namespace Krmx.Tests.Fuzz;

/// <summary>Replays the fuzzer's corpus, so that its targets hold and are kept up between runs.</summary>
[FullRunOnly]
public class CorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Corpus_HoldsForItsTarget(string name)
    {
        FuzzTarget target = FuzzTarget.All.Single(target => target.Name == name);
        string[] files = Directory.GetFiles(RepositoryFile.Path($"tests/Krmx.Fuzz/corpus/{name}"));

        Assert.True(files.Length >= 5, $"the corpus of {name} has only {files.Length} files");
        foreach (string file in files)
        {
            Exception? error = Record.Exception(() => target.Check(File.ReadAllBytes(file)));
            Assert.True(error is null, $"{file}: {error}");
        }
    }

    [Fact]
    public void Corpus_HasAFolderForEachTarget() =>
        Assert.Equal(
            FuzzTarget.All.Select(target => target.Name).Order(),
            Directory.GetDirectories(RepositoryFile.Path("tests/Krmx.Fuzz/corpus")).Select(folder => Path.GetFileName(folder)!).Order());
}

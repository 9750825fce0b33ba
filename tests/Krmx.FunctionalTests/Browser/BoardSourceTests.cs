using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Browser;

/// <summary>The page of the board sample, which is built and committed, so that whoever starts the sample needs no Node.js.</summary>
public sealed class BoardSourceTests
{
    [Fact]
    public async Task Page_IsMadeOfItsSource()
    {
        string folder = Directory.CreateTempSubdirectory("krmx-board-").FullName;
        try
        {
            await Tool.SucceedAsync(RepositoryFile.Path("samples/Board/web"), "npm", "run", "build", "--", "--outDir", folder);

            string committed = RepositoryFile.Path("samples/Board/wwwroot");
            Assert.Equal(FilesOf(folder), FilesOf(committed));
            Assert.All(FilesOf(folder), file => Assert.True(
                File.ReadAllText(Path.Combine(folder, file)) == File.ReadAllText(Path.Combine(committed, file)),
                $"{file} is not what its source gives: npm run build --prefix samples/Board/web"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> FilesOf(string folder) => Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order();
}

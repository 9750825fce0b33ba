using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Docs;

/// <summary>Compiles every C# block of the README and the docs, as the program a reader would make of it.</summary>
public class SnippetTests
{
    public static TheoryData<string, int> Snippets()
    {
        var snippets = new TheoryData<string, int>();
        string root = RepositoryFile.Path("");
        string[] pages = ["README.md", .. Directory.GetFiles(RepositoryFile.Path("docs"), "*.md", SearchOption.AllDirectories).Order()];
        foreach (string page in pages)
        {
            string relative = Path.GetRelativePath(root, Path.Combine(root, page));
            for (int i = 0; i < Snippet.Of(relative).Count; i++)
                snippets.Add(relative, i);
        }
        return snippets;
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Snippet_Compiles(string page, int index)
    {
        CSharpCompilation compilation = Snippet.Compile(Snippet.Of(page)[index]);

        IEnumerable<Diagnostic> problems = compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS8933");

        Assert.Empty(problems);
    }
}

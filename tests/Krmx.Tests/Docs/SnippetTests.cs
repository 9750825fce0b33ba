using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Docs;

/// <summary>Compiles every C# block of the README and the docs, as the program a reader would make of it.</summary>
public class SnippetTests
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    public static TheoryData<string, int> Snippets()
    {
        var snippets = new TheoryData<string, int>();
        string root = RepositoryFile.Path("");
        string[] pages = ["README.md", .. Directory.GetFiles(RepositoryFile.Path("docs"), "*.md", SearchOption.AllDirectories).Order()];
        foreach (string page in pages)
        {
            string relative = Path.GetRelativePath(root, Path.Combine(root, page));
            for (int i = 0; i < Blocks(relative).Count; i++)
                snippets.Add(relative, i);
        }
        return snippets;
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Snippet_Compiles(string page, int index)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(GlobalUsings), CSharpSyntaxTree.ParseText(Blocks(page)[index])],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        IEnumerable<Diagnostic> problems = compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS8933");

        Assert.Empty(problems);
    }

    private static List<string> Blocks(string page)
    {
        var blocks = new List<string>();
        StringBuilder? block = null;
        foreach (string line in File.ReadLines(RepositoryFile.Path(page)))
        {
            if (line == "```csharp")
                block = new StringBuilder();
            else if (line == "```" && block is not null)
            {
                blocks.Add(block.ToString());
                block = null;
            }
            else
                block?.AppendLine(line);
        }
        return blocks;
    }
}

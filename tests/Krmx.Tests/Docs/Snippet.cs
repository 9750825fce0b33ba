using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Docs;

/// <summary>The C# blocks of the README and the docs.</summary>
internal static class Snippet
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
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>The blocks of a page.</summary>
    public static List<string> Of(string page)
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

    /// <summary>Makes the program of it that a reader would.</summary>
    public static CSharpCompilation Compile(string block) => CSharpCompilation.Create(
        "Snippet",
        [CSharpSyntaxTree.ParseText(GlobalUsings), CSharpSyntaxTree.ParseText(block)],
        References.Value,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
}

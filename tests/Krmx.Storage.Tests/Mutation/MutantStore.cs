using System.Reflection;
using System.Runtime.Loader;
using Krmx.Simulation.Mutation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Storage.Tests.Mutation;

/// <summary>Builds a store with a defect in its source.</summary>
/// <param name="type">The store's type.</param>
/// <param name="sources">Its source, files and folders of the repository.</param>
internal sealed class MutantStore(string type, params string[] sources)
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parse = new(LanguageVersion.CSharp14);

    // What a store is made of; the stores themselves would have the same types once more.
    private static readonly string[] Referenced = ["System.", "netstandard.", "Microsoft.Data.", "Microsoft.Extensions.DependencyInjection.", "SQLitePCLRaw.", "Npgsql.", "Krmx.Core.", "Krmx.Rooms."];

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Referenced.Any(start => Path.GetFileName(path).StartsWith(start, StringComparison.Ordinal)))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>Compiles the store, with the defect where there is one.</summary>
    /// <returns>Makes stores, given what its constructor takes.</returns>
    public Func<object[], IRoomStore> Build(Mutant? mutant)
    {
        List<SyntaxTree> trees = [CSharpSyntaxTree.ParseText(GlobalUsings, Parse)];
        bool isFound = mutant is null;
        foreach (string file in sources.SelectMany(Files))
        {
            string source = File.ReadAllText(file);
            if (mutant is not null && Path.GetFileName(file) == mutant.File)
            {
                source = mutant.Apply(source);
                isFound = true;
            }
            trees.Add(CSharpSyntaxTree.ParseText(source, Parse));
        }
        Assert.True(isFound, $"There is no {mutant?.File}.");

        // The name says that tasks which it loses are no failure of the tests.
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, concurrentBuild: false, nullableContextOptions: NullableContextOptions.Enable);
        using var assembly = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = CSharpCompilation.Create("Mutant", trees, References.Value, options).Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        assembly.Position = 0;
        Type store = new AssemblyLoadContext(mutant?.Name).LoadFromStream(assembly).GetType(type)!;
        return arguments => (IRoomStore)Activator.CreateInstance(store, arguments)!;
    }

    private static IEnumerable<string> Files(string path)
    {
        path = RepositoryFile.Path(path);
        return File.Exists(path) ? [path] : Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories).Where(static file => !file.Contains("/obj/", StringComparison.Ordinal));
    }
}

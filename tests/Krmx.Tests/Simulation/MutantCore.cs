using System.Reflection;
using System.Runtime.Loader;
using Krmx.Simulation;
using Krmx.Tests.Docs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Simulation;

/// <summary>Builds the core with a defect in it, and lets the simulator loose on that instead of the real one.</summary>
internal static class MutantCore
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    private static readonly string Root = RepositoryFile.Path("src/Krmx.Core");

    private static readonly CSharpParseOptions Parse = new(LanguageVersion.CSharp14, preprocessorSymbols: ["NET", "NET10_0_OR_GREATER"]);

    private static readonly Lazy<Dictionary<string, SyntaxTree>> Sources = new(() =>
        Directory.GetFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .ToDictionary(file => file, file => CSharpSyntaxTree.ParseText(Read(file), Parse)));

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>Runs the simulator against the core with the mutant's defect.</summary>
    /// <returns>How many steps it took to see that something is wrong; -1 when the budget did not suffice.</returns>
    public static long StepsToFailure(Mutant? mutant, ulong seed, long budget)
    {
        var context = new MutantContext(Compile(mutant));
        try
        {
            Assembly simulation = context.LoadFromAssemblyPath(typeof(Simulator).Assembly.Location);
            MethodInfo run = simulation.GetType(typeof(Simulator).FullName!)!.GetMethod(nameof(Simulator.StepsToFailure))!;
            return (long)run.Invoke(null, [seed, budget])!;
        }
        finally
        {
            context.Unload();
        }
    }

    private static byte[] Compile(Mutant? mutant)
    {
        var trees = new Dictionary<string, SyntaxTree>(Sources.Value);
        if (mutant is not null)
            trees[mutant.File] = CSharpSyntaxTree.ParseText(mutant.Apply(Read(mutant.File)), Parse);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Krmx.Core",
            [CSharpSyntaxTree.ParseText(GlobalUsings, Parse), .. trees.Values],
            References.Value,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(assembly);
        if (!result.Success)
            throw new InvalidOperationException($"The mutant '{mutant?.Name}' does not compile: {string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))}");
        return assembly.ToArray();
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Where the simulator's reference to the core leads to the mutant.</summary>
    private sealed class MutantContext(byte[] core) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == "Krmx.Core" ? LoadFromStream(new MemoryStream(core)) : null;
    }
}

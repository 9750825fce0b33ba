using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Simulation.Mutation;

/// <summary>Builds the core with a defect in it, and lets a simulator loose on that instead of the real one.</summary>
/// <param name="folder">Where the core's source is.</param>
/// <param name="simulator">A type with the method <c>static long StepsToFailure(ulong firstSeed, long steps)</c>.</param>
/// <param name="hasState">Whether the simulator has shared state, which is half of the core, and of the time that a mutant takes.</param>
public sealed class MutantCore(string folder, Type simulator, bool hasState)
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    private static readonly CSharpParseOptions Parse = new(LanguageVersion.CSharp14, preprocessorSymbols: ["NET", "NET10_0_OR_GREATER"]);

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly Dictionary<string, SyntaxTree> _sources = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
        .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
        .Where(file => hasState || !file.StartsWith("State/", StringComparison.Ordinal))
        .ToDictionary(file => file, file => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(folder, file)), Parse));

    private CSharpCompilation? _sound; // what all mutants have in common is read once

    /// <summary>Runs the simulator against the core with the mutant's defect, from each of several seeds.</summary>
    /// <returns>How many steps it took each time to see that something is wrong; -1 where the budget did not suffice.</returns>
    public long[] StepsToFailure(Mutant? mutant, IReadOnlyList<ulong> seeds, long budget)
    {
        Assembly simulation = new MutantContext(Compile(mutant)).LoadFromAssemblyPath(simulator.Assembly.Location);
        Func<ulong, long, long> run = simulation.GetType(simulator.FullName!)!
            .GetMethod(nameof(Simulator.StepsToFailure), [typeof(ulong), typeof(long)])!.CreateDelegate<Func<ulong, long, long>>();
        return [.. seeds.Select(seed => run(seed, budget))];
    }

    private byte[] Compile(Mutant? mutant)
    {
        CSharpCompilation compilation = LazyInitializer.EnsureInitialized(ref _sound, CreateSound);
        if (mutant is not null)
        {
            string source = mutant.Apply(File.ReadAllText(Path.Combine(folder, mutant.File)));
            compilation = compilation.ReplaceSyntaxTree(_sources[mutant.File], CSharpSyntaxTree.ParseText(source, Parse));
        }
        using var assembly = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(assembly);
        if (!result.Success)
        {
            IEnumerable<Diagnostic> errors = result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            throw new InvalidOperationException($"The mutant '{mutant?.Name}' does not compile: {string.Join('\n', errors)}");
        }
        return assembly.ToArray();
    }

    private CSharpCompilation CreateSound() => CSharpCompilation.Create(
        "Krmx.Core",
        [CSharpSyntaxTree.ParseText(GlobalUsings, Parse), .. _sources.Values],
        References.Value,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            // Mutants are built side by side already. The compiler's tasks, hundreds of them, would have all else wait for the thread pool.
            concurrentBuild: false,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Where references to the core lead to the mutant, also those of other assemblies of ours.</summary>
    /// <remarks>It is not unloaded, as the runtime was seen to crash over that; a mutant takes a few megabytes.</remarks>
    private sealed class MutantContext(byte[] core) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name == "Krmx.Core")
                return LoadFromStream(new MemoryStream(core));
            return assemblyName.Name!.StartsWith("Krmx.", StringComparison.Ordinal)
                ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
                : null;
        }
    }
}

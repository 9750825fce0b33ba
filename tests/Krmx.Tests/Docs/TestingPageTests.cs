using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Docs;

/// <summary>What docs/testing-your-app.md shows does not only compile: it holds.</summary>
public class TestingPageTests
{
    private const string Page = "docs/testing-your-app.md";

    public static TheoryData<int> Snippets => [.. Enumerable.Range(0, Snippet.Of(Page).Count)];

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task Snippet_Runs(int index)
    {
        CSharpCompilation compilation = Snippet.Compile(Snippet.Of(Page)[index]);
        using var assembly = new MemoryStream();
        Assert.True(compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Success);
        assembly.Position = 0;

        // A program with await has a method behind its entry point that gives the task.
        MethodInfo main = new AssemblyLoadContext(Page).LoadFromStream(assembly).EntryPoint!;
        MethodInfo program = main.DeclaringType!.GetMethod("<Main>$", BindingFlags.Static | BindingFlags.NonPublic)!;
        object? result = program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);

        await (result as Task ?? Task.CompletedTask);
    }
}

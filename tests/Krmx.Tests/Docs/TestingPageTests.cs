using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.CSharp;

namespace Krmx.Tests.Docs;

/// <summary>What the docs show as tests does not only compile: it holds.</summary>
public class TestingPageTests
{
    public static TheoryData<string, int> Snippets()
    {
        var tests = new TheoryData<string, int>();
        foreach (string page in new[] { "docs/testing-your-app.md", "docs/when-the-connection-drops.md" })
        {
            foreach ((int index, string block) in Snippet.Of(page).Index())
            {
                if (block.Contains("using Krmx.Testing;", StringComparison.Ordinal))
                    tests.Add(page, index);
            }
        }
        return tests;
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task Snippet_Runs(string page, int index)
    {
        CSharpCompilation compilation = Snippet.Compile(Snippet.Of(page)[index]);
        using var assembly = new MemoryStream();
        Assert.True(compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Success);
        assembly.Position = 0;

        // A program with await has a method behind its entry point that gives the task.
        MethodInfo main = new AssemblyLoadContext(page).LoadFromStream(assembly).EntryPoint!;
        MethodInfo program = main.DeclaringType!.GetMethod("<Main>$", BindingFlags.Static | BindingFlags.NonPublic)!;
        object? result = program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);

        await (result as Task ?? Task.CompletedTask);
    }
}

namespace Krmx.FunctionalTests.Cli;

/// <summary>Arguments, help and version.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("Required command", "See 'krmx --help'")]
    [InlineData("'dance'", "See 'krmx --help'", "dance")]
    [InlineData("--port must be from 0 to 65535", "See 'krmx serve --help'", "serve", "--port", "70000")]
    [InlineData("not 'http'", "See 'krmx serve --help'", "serve", "--port", "http")]
    [InlineData("not 'example.org'", "See 'krmx serve --help'", "serve", "--host", "example.org")]
    [InlineData("'--user' is required", "See 'krmx connect --help'", "connect", "ws://localhost:8082/")]
    [InlineData("'localhost' is no address", "See 'krmx connect --help'", "connect", "localhost", "--user", "alice")]
    [InlineData("'URL'", "See 'krmx verify --help'", "verify")]
    [InlineData("no rule has 'xyz'", "See 'krmx verify --help'", "verify", "ws://localhost:8082/", "--filter", "xyz")]
    [InlineData("--timeout must be", "See 'krmx verify --help'", "verify", "ws://localhost:8082/", "--timeout", "0")]
    [InlineData("not 'soon'", "See 'krmx verify --help'", "verify", "ws://localhost:8082/", "--timeout", "soon")]
    public async Task BadArguments_AreNamedAndEndWith2(string problem, string hint, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.Contains(hint, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("krmx serve --port", "serve")]
    [InlineData("krmx connect ws:", "connect")]
    [InlineData("krmx verify ws:", "verify")]
    [InlineData("Exit codes:")]
    public async Task Help_HasExamples(string example, params string[] command)
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync([.. command, "--help"]);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains(example, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsThePackages()
    {
        Version version = typeof(KrmxClient).Assembly.GetName().Version!;
        Assert.Equal((0, version.ToString(3), ""), await CliProcess.RunAsync(["--version"]));
    }

    [Theory]
    [InlineData("connect", "ws://localhost:1/", "--user", "alice")]
    [InlineData("verify", "ws://localhost:1/")]
    public async Task NoServer_IsOneLineAndEndsWith1(params string[] arguments)
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Matches(@"^krmx: cannot \w+ (to )?ws://localhost:1/: Connection refused\n$", errors.ReplaceLineEndings("\n"));
    }
}

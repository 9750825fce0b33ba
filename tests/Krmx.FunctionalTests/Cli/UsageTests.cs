namespace Krmx.FunctionalTests.Cli;

/// <summary>Arguments, help and version.</summary>
public sealed class UsageTests
{
    private const string Nowhere = "ws://localhost:1/";

    [Theory]
    [InlineData("required command was not provided", "krmx")]
    [InlineData("unrecognized command or argument 'dance'", "krmx", "dance")]
    [InlineData("unrecognized command or argument '--dance'", "krmx", "--dance")]
    [InlineData("--port must be from 0 to 65535, not '70000'", "krmx serve", "--port", "70000")]
    [InlineData("--port must be from 0 to 65535, not '-1'", "krmx serve", "--port", "-1")]
    [InlineData("--port must be from 0 to 65535, not 'http'", "krmx serve", "--port", "http")]
    [InlineData("--port must be from 0 to 65535, not ''", "krmx serve", "--port", "")]
    [InlineData("argument missing for option: '--port'", "krmx serve", "--port")]
    [InlineData("'--port' expects a single argument", "krmx serve", "--port", "1", "--port", "2")]
    [InlineData("an IP address, not 'example.org'", "krmx serve", "--host", "example.org")]
    [InlineData("an IP address, not ''", "krmx serve", "--host", "")]
    [InlineData("argument missing for option: '--host'", "krmx serve", "--host")]
    [InlineData("unrecognized command or argument 'yes'", "krmx serve", "--rooms=yes")]
    [InlineData("argument missing for option: '--store'", "krmx serve", "--store")]
    [InlineData("--store must be the path of a file, not ''", "krmx serve", "--store", "")]
    [InlineData("--store must be the path of a file, not ':memory:'", "krmx serve", "--store", ":memory:")]
    [InlineData("unrecognized command or argument 'extra'", "krmx serve", "extra")]
    [InlineData("option '--user' is required; required argument 'URL' missing", "krmx connect")]
    [InlineData("option '--user' is required", "krmx connect", Nowhere)]
    [InlineData("--user must be a name", "krmx connect", Nowhere, "--user", "")]
    [InlineData("argument missing for option: '--user'", "krmx connect", Nowhere, "--user")]
    [InlineData("argument missing for option: '--auth'", "krmx connect", Nowhere, "--user", "alice", "--auth")]
    [InlineData("--timeout must be from 0.001 to 3600 seconds, not '-1'", "krmx connect", Nowhere, "--user", "alice", "--timeout", "-1")]
    [InlineData("'localhost' is no address", "krmx connect", "localhost", "--user", "alice")]
    [InlineData("'' is no address", "krmx connect", "", "--user", "alice")]
    [InlineData("'http://localhost/' is no address", "krmx connect", "http://localhost/", "--user", "alice")]
    [InlineData("'ws://localhost:99999/' is no address", "krmx connect", "ws://localhost:99999/", "--user", "alice")]
    [InlineData("--clients must be from 1 to 20000, not '0'", "krmx bench", Nowhere, "--clients", "0")]
    [InlineData("--clients must be from 1 to 20000, not '-1'", "krmx bench", Nowhere, "--clients", "-1")]
    [InlineData("--clients must be from 1 to 20000, not 'abc'", "krmx bench", Nowhere, "--clients", "abc")]
    [InlineData("--clients must be from 1 to 20000, not ''", "krmx bench", Nowhere, "--clients", "")]
    [InlineData("--clients must be from 1 to 20000, not '99999999999999999999'", "krmx bench", Nowhere, "--clients", "99999999999999999999")]
    [InlineData("argument missing for option: '--clients'", "krmx bench", Nowhere, "--clients")]
    [InlineData("'--clients' expects a single argument", "krmx bench", Nowhere, "--clients", "1", "--clients", "2")]
    [InlineData("--senders must be from 1 to 9999, not '0'", "krmx bench", Nowhere, "--senders", "0")]
    [InlineData("--senders cannot be more than --clients, which is 10", "krmx bench", Nowhere, "--clients", "10", "--senders", "11")]
    [InlineData("--window must be from 1 to 10000, not '0'", "krmx bench", Nowhere, "--window", "0")]
    [InlineData("--rate must be from 1 to 100000, not '0'", "krmx bench", Nowhere, "--rate", "0")]
    [InlineData("--rate stands instead of --window", "krmx bench", Nowhere, "--rate", "1", "--window", "1")]
    [InlineData("--cut-every must be from 0.1 to 86400 seconds, not '0'", "krmx bench", Nowhere, "--resume", "--cut-every", "0")]
    [InlineData("--cut-every must be from 0.1 to 86400 seconds, not '-5'", "krmx bench", Nowhere, "--resume", "--cut-every", "-5")]
    [InlineData("--cut-every must be from 0.1 to 86400 seconds, not 'often'", "krmx bench", Nowhere, "--resume", "--cut-every", "often")]
    [InlineData("argument missing for option: '--cut-every'", "krmx bench", Nowhere, "--resume", "--cut-every")]
    [InlineData("--cut-every needs --resume", "krmx bench", Nowhere, "--cut-every", "5")]
    [InlineData("--clients times --senders cannot be more than 10000000", "krmx bench", Nowhere, "--resume", "--clients", "20000", "--senders", "501")]
    [InlineData("--payload must be from 80 to 60000, not '5'", "krmx bench", Nowhere, "--payload", "5")]
    [InlineData("--duration must be from 1 to 86400, not 'x'", "krmx bench", Nowhere, "--duration", "x")]
    [InlineData("--warm-up must be from 0 to 3600, not '-1'", "krmx bench", Nowhere, "--warm-up", "-1")]
    [InlineData("--ramp must be from 0 to 100000, not '1e3'", "krmx bench", Nowhere, "--ramp", "1e3")]
    [InlineData("--process must be the number of a process, not 'abc'", "krmx bench", Nowhere, "--process", "abc")]
    [InlineData("--process must be the number of a process, not '0'", "krmx bench", Nowhere, "--process", "0")]
    [InlineData("--process must be the number of a process, not '9999999999'", "krmx bench", Nowhere, "--process", "9999999999")]
    [InlineData("ws:// only", "krmx bench", "wss://localhost:1/")]
    [InlineData("required argument 'URL' missing", "krmx verify")]
    [InlineData("no rule has 'xyz'", "krmx verify", Nowhere, "--filter", "xyz")]
    [InlineData("no rule has ''", "krmx verify", Nowhere, "--filter", "")]
    [InlineData("--timeout must be from 0.001 to 3600 seconds, not '0'", "krmx verify", Nowhere, "--timeout", "0")]
    [InlineData("--timeout must be from 0.001 to 3600 seconds, not 'soon'", "krmx verify", Nowhere, "--timeout", "soon")]
    [InlineData("unrecognized command or argument '@file'", "krmx verify", Nowhere, "@file")]
    public async Task BadArguments_AreNamedInOneLineAndEndWith2(string problem, string command, params string[] arguments)
    {
        string line = await CliProcess.FailAsync(2, [.. command.Split(' ').Skip(1), .. arguments]);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.EndsWith($"; see '{command} --help'", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("krmx serve --port", "serve")]
    [InlineData("krmx connect ws:", "connect")]
    [InlineData("krmx bench ws:", "bench")]
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
}

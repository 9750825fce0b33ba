using System.Text.RegularExpressions;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Cli;

/// <summary>The commands at an address where there is no server, or one that is no Krmx server.</summary>
public sealed partial class WrongServerTests
{
    private static readonly Dictionary<string, Func<ServerConnection, Task>> Servers = new()
    {
        ["silent"] = static connection => connection.WaitForeverAsync(),
        ["hangs up"] = static connection => connection.ReadRequestAsync(),
        ["no HTTP"] = static async connection =>
        {
            await connection.WriteAsync("SSH-2.0-OpenSSH_9\r\n");
            await connection.WaitForeverAsync();
        },
        ["not found"] = static async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            await connection.WaitForeverAsync();
        },
        ["echo"] = static async connection =>
        {
            await connection.UpgradeAsync();
            while (await connection.ReceiveAsync() is var text && text != "close")
                await connection.SendAsync(text);
        },
        ["deaf"] = static async connection =>
        {
            await connection.UpgradeAsync();
            await connection.DrainAsync();
        },
    };

    private static readonly Dictionary<string, string[]> Commands = new()
    {
        ["connect"] = ["--user", "alice"],
        ["bench"] = ["--clients", "2"],
        ["verify"] = [],
    };

    [Theory]
    [InlineData("connect", "cannot connect to ws://localhost:1/: Connection refused; is a server running there?")]
    [InlineData("bench", "cannot measure ws://localhost:1/: client 0 could not connect: Connection refused; is a server running there?")]
    [InlineData("verify", "cannot verify ws://localhost:1/: Connection refused; is a server running there?")]
    public async Task NoServer_IsOneLineAndEndsWith1(string command, string problem) =>
        Assert.Equal(problem, OfAnyClient(await CliProcess.FailAsync(1, [command, "ws://localhost:1/", .. Commands[command]])));

    [Theory]
    [InlineData("connect", "silent", "cannot connect to {0}: the server did not answer in 0.5 s")]
    [InlineData("bench", "silent", "cannot measure {0}: the server did not answer client 0 within 0.5 s")]
    [InlineData("verify", "silent", "cannot verify {0}: it did not answer within 0.5 s")]
    [InlineData("connect", "hangs up", "cannot connect to {0}: The response ended prematurely. (ResponseEnded)")]
    [InlineData("bench", "hangs up", "cannot measure {0}: the server hung up on client 0 during the handshake")]
    [InlineData("verify", "hangs up", "cannot verify {0}: The response ended prematurely. (ResponseEnded)")]
    [InlineData("connect", "no HTTP", "cannot connect to {0}: Received an invalid status line: 'SSH-2.0-OpenSSH_9'.")]
    [InlineData("bench", "no HTTP", "cannot measure {0}: the server did not answer client 0 within 0.5 s")]
    [InlineData("verify", "no HTTP", "cannot verify {0}: Received an invalid status line: 'SSH-2.0-OpenSSH_9'.")]
    [InlineData("connect", "not found", "cannot connect to {0}: the server answered with HTTP status 404")]
    [InlineData("bench", "not found", "cannot measure {0}: the server answered the handshake at / with 'HTTP/1.1 404 Not Found' and not with 101")]
    [InlineData("verify", "not found", "cannot verify {0}: The server returned status code '404' when status code '101' was expected.")]
    [InlineData("bench", "echo", "cannot measure {0}: it is no Krmx server: it answered a link with '{{\"type\":\"krmx/link\",")]
    [InlineData("verify", "echo", "cannot verify {0}: it is no Krmx server: it answered a link with '{{\"type\":\"krmx/link\",")]
    [InlineData("connect", "deaf", "cannot link: the server did not answer in 3 s; is it a Krmx server?")]
    [InlineData("bench", "deaf", "cannot measure {0}: the server did not let in client 0 within 3 s")]
    [InlineData("verify", "deaf", "cannot verify {0}: it is no Krmx server: the server was silent for 3 s")]
    public async Task OtherServer_IsOneLineAndEndsWith1(string command, string kind, string problem)
    {
        await using var server = new ScriptedServer(Servers[kind]);
        string timeout = TimeoutPattern().Match(problem) is { Success: true, Groups: [_, var seconds] } ? seconds.Value : "30";
        (int exitCode, _, string errors) = await CliProcess.RunAsync(
            [command, $"{server.Uri}", .. Commands[command], "--timeout", timeout]);
        Assert.Equal(1, exitCode);

        // How far it came stands before.
        string line = Assert.Single(errors.Trim().Split('\n'), line => !line.TrimEnd().EndsWith("connected", StringComparison.Ordinal));
        Assert.StartsWith($"krmx: {string.Format(null, problem, server.Uri)}", OfAnyClient(line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerWithoutTls_IsSaidToHaveNone()
    {
        await using var server = new ScriptedServer(Servers["no HTTP"]);
        string line = await CliProcess.FailAsync(1, "connect", $"{server.Uri}".Replace("ws:", "wss:", StringComparison.Ordinal), "--user", "alice");
        Assert.EndsWith("wss:// needs a server that speaks TLS, with a certificate that this machine trusts", line, StringComparison.Ordinal);
    }

    /// <summary>Several clients of a load fail at once, and any of them may be the one that is named.</summary>
    private static string OfAnyClient(string line) => line.Replace("client 1", "client 0", StringComparison.Ordinal);

    [GeneratedRegex(@"([0-9.]+) s\b")]
    private static partial Regex TimeoutPattern();
}

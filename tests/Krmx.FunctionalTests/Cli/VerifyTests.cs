using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Cli;

/// <summary>krmx verify, against our server and the original one.</summary>
public sealed partial class VerifyTests
{
    [Fact]
    public async Task OurServer_PassesAllThatApplies_AndIsLeftAsItWas()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync();
        await using CliProcess process = server;
        await using var alice = new KrmxClient(Expect.Hasty);
        var messages = new List<string>();
        alice.OnMessage(message => messages.Add(message.Type));
        await alice.ConnectAsync(url);
        await alice.LinkAsync("alice");

        (int exitCode, string output, string errors) = await CliProcess.RunAsync(["verify", url, "--timeout", "20"]);

        Assert.Equal("", errors);
        Match counts = Counts().Match(output);
        Assert.True(exitCode == 0 && counts.Success && counts.Groups["failed"].Value == "0", output);
        Assert.True(int.Parse(counts.Groups["passed"].Value, null) >= 67, counts.Value);
        Assert.Contains("not applicable  4.30 join-is-told", output, StringComparison.Ordinal);
        foreach (string rule in new[] { "10.2 presence-changes", "10.17 takeover-challenge", "10.44 recovered-changes", "10.61 ack-malformed" })
            Assert.Contains($"passed          {rule}", output, StringComparison.Ordinal);
        await Patience.Until(() => alice.Users is [{ Name: "alice", IsLinked: true }], "nobody else");
        Assert.Empty(messages);
    }

    [Fact]
    public async Task OriginalServer_FailsWhereItDiffers()
    {
        await using NpmServer server = await NpmServer.StartAsync();
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(["verify", $"{server.Uri}", "--json", "--timeout", "3"]);
        Assert.Equal((1, ""), (exitCode, errors));
        JsonNode[] results = [.. output.Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(
            [
                "2.20 binary-unlinked", "2.20 binary-linked", "2.30 surrogate-in-type-unlinked", "2.30 surrogate-in-type-linked",
                "2.31 too-deep-unlinked", "2.31 too-deep-linked", "5.12 ordinary-names", "6.3 look-alikes", "6.5 older-lines",
                "7.4 only-the-default-path", "8.18 surrogate-in-link",
            ],
            results.Where(result => (string?)result["result"] == "failed").Select(result => (string?)result["rule"]));
        Assert.All(results, result => Assert.Equal((string?)result["result"] == "passed", result["reason"] is null));
        Assert.All(
            results.Where(result => ((string)result["rule"]!).StartsWith("10.", StringComparison.Ordinal)),
            result => Assert.Equal("not applicable", (string?)result["result"]));
        Assert.Equal("needs a server that grants the extension presence", ReasonOf("10.1 presence-picture"));
        Assert.Equal("needs a server that grants the extension resume", ReasonOf("10.44 recovered-changes"));
        Assert.Empty((await server.DoAsync("users", []))["users"]!.AsArray());

        string? ReasonOf(string rule) => (string?)results.Single(result => (string?)result["rule"] == rule)["reason"];
    }

    [Fact]
    public async Task ServerWithoutSessions_IsNotAskedForThem()
    {
        await using var host = new KrmxServer(_ => { }, options => options.Sessions.Enabled = false);
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        (int exitCode, string output, _) = await CliProcess.RunAsync(["verify", url, "--filter", "10.", "--timeout", "20"]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("passed          10.1 presence-picture", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^not applicable  10.44 recovered-changes +needs a server that grants the extension resume$", output);
    }

    [Fact]
    public async Task ServerThatRecoversNothing_Fails()
    {
        await using var host = new KrmxServer(_ => { }, options => options.Sessions.MaxJournalEntries = 0);
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        (int exitCode, string output, _) = await CliProcess.RunAsync(["verify", url, "--filter", "10.", "--timeout", "20"]);
        Assert.Equal(1, exitCode);
        string[] failed = [.. output.Split('\n').Where(line => line.StartsWith("failed", StringComparison.Ordinal))];
        Assert.Contains(failed, line => line.Contains("10.44 recovered-changes", StringComparison.Ordinal));
        Assert.Contains(failed, line => line.Contains("\"recovered\":false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Filter_TriesOnlyWhatMatches()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync("--rooms");
        await using CliProcess process = server;
        string room = url.Replace("{room}", "a", StringComparison.Ordinal);
        (int exitCode, string output, _) = await CliProcess.RunAsync(["verify", room, "--filter", "4.2"]);
        Assert.True(exitCode == 0, output);
        string[] rules = [.. output.Split('\n').SkipLast(2).Select(line => line["not applicable  ".Length..])];
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.StartsWith("4.2", rule, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NamesOfOthers_AreLeftAlone()
    {
        await using var host = new KrmxServer(_ => { });
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        await host.Room.InvokeAsync(() => host.Room.Join("ab"));
        (int exitCode, string output, _) = await CliProcess.RunAsync(["verify", url, "--filter", "lengths"]);
        Assert.True(exitCode == 0, output);
        Assert.Matches("(?m)^not applicable  5.1 lengths +needs the username ab, which somebody has$", output);
        Assert.Equal("ab", Assert.Single(await host.Room.InvokeAsync(() => host.Room.Users.ToArray())).Name);
    }

    [Theory]
    [InlineData("""{"type":"krmx/accepted","payload":1}""", "it answered a link with '{\"type\":\"krmx/accepted\",\"payload\":1}'")]
    [InlineData("[]", "the server sent what is no message: '[]'")]
    [InlineData("hello\u001b[2J", "the server sent what is no message: 'hello\\u001b[2J'")]
    [InlineData("", "the server was silent for 3 s")]
    [InlineData(null, "the server ended the connection (close 1006)")]
    public async Task OtherServer_IsNoKrmxServer(string? answer, string problem)
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveAsync();
            if (answer is null)
                return;
            if (answer.Length > 0)
                await connection.SendAsync(answer);
            await connection.WaitForeverAsync();
        });
        (int exitCode, _, string errors) = await CliProcess.RunAsync(["verify", $"{server.Uri}", "--timeout", "3"]);
        Assert.Equal((1, $"krmx: cannot verify {server.Uri}: it is no Krmx server: {problem}\n"), (exitCode, errors.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task ClosedServer_CannotBeVerified()
    {
        await using var host = new KrmxServer(room => room.OnAuthenticate(link =>
            link.Auth == "ticket" ? LinkResult.Accept : LinkResult.Reject("no ticket")));
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(["verify", url]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"krmx: cannot verify {url}: it rejected a user: no ticket\n", errors.ReplaceLineEndings("\n"));
        (exitCode, output, _) = await CliProcess.RunAsync(["verify", url, "--auth", "ticket", "--timeout", "20"]);
        Assert.True(exitCode == 0, output);
    }

    [GeneratedRegex(@"(?<passed>\d+) passed, (?<failed>\d+) failed, \d+ not applicable$")]
    private static partial Regex Counts();
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Processes;

namespace Krmx.FunctionalTests.Cli;

/// <summary>krmx connect, with input as from a pipe.</summary>
public sealed class ConnectTests
{
    [Theory]
    [InlineData(false, "bob unlinked")]
    [InlineData(true, "bob unlinked, bob left")]
    public async Task PipedInput_IsSentAndEndsTheSession(bool leaves, string end)
    {
        var events = new List<string>();
        await using var host = new KrmxServer(room =>
        {
            room.OnMessage((user, message) => events.Add($"{user.Name} sent {message}"));
            room.OnUnlink(user => events.Add($"{user.Name} unlinked"));
            room.OnLeave(user => events.Add($"{user.Name} left"));
        });
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        string[] arguments = ["connect", url, "--user", "bob", .. leaves ? (string[])["--leave"] : []];
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(
            arguments, "hey\n\nchat {\"a\": [1.0]}\nchat hello\n/users\n/dance\n");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            $$$"""bob sent {"type":"hey"}, bob sent {"type":"chat","payload":{"a": [1.0]}}, {{{end}}}""",
            string.Join(", ", events));
        Assert.Contains("* users: bob (you)", output, StringComparison.Ordinal);
        Assert.Contains("krmx: what follows the type must be JSON, a text in quotes: chat \"hello\"\n", errors, StringComparison.Ordinal);
        Assert.Contains("no command '/dance'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_ChangeTheUser()
    {
        await using var host = new KrmxServer(_ => { });
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(
            ["connect", url, "--user", "bob", "--json"], "/link carol\n/leave\n/link bob\n/unlink\n/users\n/quit\nnever\n");
        Assert.Equal((0, ""), (exitCode, errors));
        IEnumerable<string> events = output.Split('\n').Select(line => JsonNode.Parse(line)!)
            .Select(line => $"{line["event"]} {line["username"]}".Trim());
        Assert.Equal(
            [
                "connected", "accepted", "joined bob", "linked bob", "unlinked bob",
                "accepted", "joined bob", "joined carol", "linked carol", "unlinked carol", "left carol",
                "accepted", "joined bob", "linked bob", "unlinked bob", "users",
            ],
            events);
    }

    [Fact]
    public async Task Message_IsOneLine()
    {
        await using var host = new KrmxServer(room => room.OnLink(user =>
            room.Send(user.Name, KrmxMessage.FromJson("said", "{\n  \"text\": \"\u009b2J\"\r\n}"u8.ToArray()))));
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        await using CliProcess text = CliProcess.Start("connect", url, "--user", "alice");
        Assert.Equal("""< said {   "text": "\u009b2J"  }""", await text.LineAsync("said"));
        await using CliProcess json = CliProcess.Start("connect", url, "--user", "bob", "--json");
        JsonNode said = JsonNode.Parse(await json.LineAsync("said"))!;
        Assert.Equal("\u009b2J", (string?)said["payload"]!["text"]);
    }

    [Fact]
    public async Task Rejection_IsToldAndEndsWith1()
    {
        await using var host = new KrmxServer(room => room.OnAuthenticate(link =>
            link.Auth == "ticket" ? LinkResult.Accept : LinkResult.Reject("no\u001b[2J ticket")));
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        (int exitCode, _, string errors) = await CliProcess.RunAsync(["connect", url, "--user", "bob"]);
        Assert.Equal(1, exitCode);
        Assert.Equal("krmx: cannot link as 'bob': no\\u001b[2J ticket\n", errors.ReplaceLineEndings("\n"));
        (exitCode, _, _) = await CliProcess.RunAsync(["connect", url, "--user", "bob", "--auth", "ticket"]);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Restart_IsSaidAndSurvived()
    {
        await using var host = new KrmxServer(room => room.OnMessage((user, message) => room.Send(user.Name, message)));
        int port = await host.ListenAsync();
        await using CliProcess client = CliProcess.Start("connect", $"ws://127.0.0.1:{port}/", "--user", "alice");
        await client.LineAsync("alice (you) linked");
        await host.CloseAsync();
        await client.LineAsync("; reconnecting");
        await host.ListenAsync(port);
        await Patience.Until(() => client.Lines.Count(line => line == "* accepted") == 2, "a second link");
        await client.TypeAsync("hello 1\n");
        await client.LineAsync("< hello 1");
        Assert.Equal((0, ""), await client.InterruptAsync());
        await Patience.Until(() => !host.Room.InvokeAsync(() => host.Room.Users[0].IsLinked).Result, "the unlink");
    }

    [Fact]
    public async Task LostConnection_IsSaid_AndTheLinkGoesOn()
    {
        await using LostConnection lost = await LostConnection.StartAsync();
        CliProcess client = lost.Client;
        await lost.Server.Room.InvokeAsync(() => lost.Server.Room.Broadcast("news", 1));
        await client.TypeAsync("hello 2\n");
        lost.Restore();
        await client.LineAsync("< hello 2");
        Assert.Equal(
            ["* connected", "* recovered: the link goes on where it left off", "< news 1", "< hello 2"],
            client.Lines.SkipWhile(line => !line.EndsWith("; reconnecting", StringComparison.Ordinal)).Skip(1));
        Assert.Equal((0, ""), await client.EndOfInputAsync());
    }

    [Theory]
    [InlineData("", "* gap: the link could not go on where it left off; messages may be missed")]
    [InlineData(
        "hello 1\nhello 2\n",
        "* gap: the link could not go on where it left off; messages may be missed, and of 2 you sent it is not known whether they arrived")]
    public async Task ServerThatIsAnotherOne_IsAGap(string typed, string gap)
    {
        await using LostConnection lost = await LostConnection.StartAsync();
        CliProcess client = lost.Client;
        await client.TypeAsync($"{typed}/users\n");
        await client.LineAsync("* users: ");
        await lost.Server.DisposeAsync();
        await using var latter = new KrmxServer(_ => { });
        await latter.ListenAsync(lost.Port);
        lost.Restore();
        await Patience.Until(() => client.Lines.Count(line => line == "* alice (you) linked") == 2, "a second link");
        Assert.Equal(
            ["* connected", gap, "* alice unlinked", "* accepted", "* alice (you) joined", "* alice (you) linked"],
            client.Lines.SkipWhile(line => !line.StartsWith("* users: ", StringComparison.Ordinal)).Skip(1));
    }

    [Fact]
    public async Task Gap_IsAnObjectOfJson()
    {
        await using LostConnection lost = await LostConnection.StartAsync("--json");
        await lost.Client.TypeAsync("hello 1\n");
        Assert.Equal((0, ""), await lost.Client.EndOfInputAsync());
        Assert.Contains("""{"event":"gap","unconfirmed":1}""", lost.Client.Lines);
    }

    [Fact]
    public async Task Interruption_EndsWhatWaitsForTheConnection()
    {
        await using LostConnection lost = await LostConnection.StartAsync();
        string line = $"large \"{new string('x', 60 * 1024)}\"\n";
        await lost.Client.TypeAsync(string.Concat(Enumerable.Repeat(line, 20))); // twice as much as may wait, and no more than the pipe and the channel take
        Assert.Equal((0, ""), await lost.Client.InterruptAsync());
    }

    [Fact]
    public async Task AuthThatBeginsWithAt_IsNoFile()
    {
        await using var host = new KrmxServer(room => room.OnAuthenticate(link => LinkResult.Reject($"auth is {link.Auth}")));
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        Assert.Equal("cannot link as 'bob': auth is @ticket", await CliProcess.FailAsync(1, "connect", url, "--user", "bob", "--auth", "@ticket"));
    }

    [Theory]
    [InlineData("< /", "input")]
    [InlineData("> /dev/full", "output")]
    public async Task InputOrOutputThatFails_IsOneLineAndEndsWith1(string redirection, string what)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shell and /dev/full");
        await using var host = new KrmxServer(_ => { });
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        string command = what == "input" ? $"connect {url} --user bob" : $"verify {url} --filter 5.1";
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"dotnet {BuiltProgram.PathOf("Krmx.Cli")} {command} {redirection}"])
        {
            RedirectStandardError = true,
        })!;
        string errors = await shell.StandardError.ReadToEndAsync().Soon();
        await shell.WaitForExitAsync();
        Assert.Equal(1, shell.ExitCode);
        Assert.StartsWith("krmx: input or output failed: ", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FinalClose_EndsWith1()
    {
        await using var host = new KrmxServer(_ => { }, options => options.Connections.ExpectedQuery["key"] = QueryRule.Present);
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";
        (int exitCode, _, string errors) = await CliProcess.RunAsync(["connect", url, "--user", "bob"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("1008", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
    }
}

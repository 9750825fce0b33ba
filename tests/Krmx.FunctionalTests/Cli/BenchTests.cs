using System.Diagnostics;
using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Cli;

/// <summary>krmx bench, against krmx serve.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("--window", "2")]
    [InlineData("--rate", "200")]
    public async Task ARelayingServer_IsMeasured(string option, string value)
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync("--include-sender");
        await using CliProcess process = server;

        (int exitCode, string output, string errors) = await CliProcess.RunAsync(
            ["bench", url, "--clients", "10", "--senders", "2", option, value, "--duration", "1", "--warm-up", "0", "--json"]);

        Assert.True(exitCode == 0, errors);
        JsonNode result = JsonNode.Parse(output)!;
        Assert.True(result["deliveries"]!.GetValue<long>() >= 10, output);
        Assert.True(result["latencyMilliseconds"]!["p50"]!.GetValue<double>() > 0, output);
        Assert.Contains("10 of 10 clients linked", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CutClients_ComeBack_AndMissNothing()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync("--include-sender");
        await using CliProcess process = server;
        string[] arguments = ["bench", url, "--clients", "20", "--senders", "2", "--duration", "2", "--warm-up", "0", "--resume", "--cut-every", "0.5"];

        (int exitCode, string output, string errors) = await CliProcess.RunAsync([.. arguments, "--json"]);

        Assert.True(exitCode == 0, errors + output);
        JsonNode result = JsonNode.Parse(output)!;
        long cut = (long)result["cut"]!;
        Assert.True(cut >= 20, output);
        Assert.Equal((cut, 0), ((long)result["recovered"]!, (long)result["begunAnew"]!));
        Assert.True((double)result["awayMilliseconds"]!["p50"]! > 0, output);
        Assert.True((long)result["sent"]! > 0, output);
        Assert.All(["lost", "doubled", "outOfOrder"], flaw => Assert.Equal(0, (long)result[flaw]!));

        (exitCode, output, errors) = await CliProcess.RunAsync([.. arguments, "--rate", "100"]);

        Assert.True(exitCode == 0, errors + output);
        Assert.Matches(@"(?m)^cut +[0-9,]+ connections; [0-9,]+ links recovered, 0 began anew; away p50 [0-9.]+ ms  p99 [0-9.]+ ms$", output);
        Assert.Matches(@"(?m)^arrived +[0-9,]+ messages at 20 clients; 0 lost, 0 doubled, 0 out of order$", output);
    }

    [Theory]
    [InlineData("lost", "2 lost, 0 doubled, 0 out of order")]
    [InlineData("doubled", "0 lost, 2 doubled, 0 out of order")]
    [InlineData("swapped", "0 lost, 0 doubled, 2 out of order")]
    public async Task AMessageThatIsWronglyRelayed_IsReported(string fault, string count)
    {
        var messages = new List<KrmxMessage>();
        await using var host = new KrmxServer(room => room.OnMessage((_, message) =>
        {
            messages.Add(message);
            KrmxMessage[] relayed = (messages.Count, fault) switch
            {
                (7, "lost") => [],
                (7, "doubled") => [message, message],
                (7, "swapped") => [],
                (8, "swapped") => [message, messages[^2]],
                _ => [message],
            };
            foreach (KrmxMessage one in relayed)
                room.Broadcast(one);
        }));
        string url = $"ws://127.0.0.1:{await host.ListenAsync()}/";

        (int exitCode, string output, string errors) = await CliProcess.RunAsync(
            ["bench", url, "--clients", "2", "--rate", "20", "--duration", "1", "--warm-up", "0", "--resume"]);

        Assert.Equal(1, exitCode);
        Assert.EndsWith($"krmx: not every message came to every client once and in order: {count}", errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains(count, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerWithoutSessions_IsReported()
    {
        await using NpmServer server = await NpmServer.StartAsync();

        (int exitCode, string output, string errors) = await CliProcess.RunAsync(["bench", $"{server.Uri}", "--clients", "2", "--resume"]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.EndsWith(
            $"krmx: cannot measure {server.Uri}: the server grants no sessions (the extension resume): measure it without them",
            errors.TrimEnd(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatSendsNothingBack_IsReported()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync();
        await using CliProcess process = server;

        (int exitCode, _, string errors) = await CliProcess.RunAsync(["bench", url, "--clients", "2"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("--include-sender", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProcessThatEnds_IsReported()
    {
        (CliProcess server, string url) = await CliProcess.ServeAsync("--include-sender");
        await using CliProcess process = server;
        using Process measured = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        await using CliProcess bench = CliProcess.Start(
            "bench", url, "--clients", "2", "--warm-up", "5", "--duration", "1", "--process", $"{measured.Id}");
        await server.LineAsync("linked (2 here)");

        measured.Kill();

        (int exitCode, string errors) = await bench.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.EndsWith($"process {measured.Id} has ended, or is not yours to look at", errors.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProcessThatIsNotThere_IsReported() => Assert.Equal(
        "cannot measure ws://localhost:1/: there is no process 2147483647",
        await CliProcess.FailAsync(1, "bench", "ws://localhost:1/", "--process", "2147483647"));
}

using System.Diagnostics;
using System.Text.Json.Nodes;

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

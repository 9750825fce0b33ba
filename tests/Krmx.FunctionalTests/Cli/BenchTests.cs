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

    [Theory]
    [InlineData("--senders", "11", "--senders cannot be more than --clients")]
    [InlineData("--payload", "5", "--payload must be from 80 to 60000")]
    [InlineData("--rate", "0", "--rate must be from 1 to 100000")]
    public async Task WrongArguments_AreNamed(string option, string value, string message)
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync(["bench", "ws://localhost:1/", "--clients", "10", option, value]);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }
}

using System.Globalization;
using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Processes;

/// <summary>Servers whose standard output takes nothing serve on.</summary>
public sealed class OutputTests
{
    // Logged in 200 characters each, these are ten times what a pipe holds.
    private const int Messages = 4_000;
    private static readonly string Text = new('x', 200);

    [Theory]
    [InlineData("Krmx.StubbornServer", "closed pipe")]
    [InlineData("Krmx.StubbornServer", "/dev/full")]
    [InlineData("Chat", "closed pipe")]
    [InlineData("Chat", "/dev/full")]
    [InlineData("Krmx.Cli", "closed pipe")]
    [InlineData("Krmx.Cli", "/dev/full")]
    public async Task Server_WhoseOutputIsGone_ServesOn(string name, string output)
    {
        int port = ServerProcess.FreePort();
        await using ServerProcess server = Start(name, port, output == "closed pipe" ? null : output);
        if (output == "closed pipe")
            server.Output.Close();
        await using KrmxClient alice = await ServerProcess.LinkAsync($"ws://127.0.0.1:{port}{(name == "Chat" ? "/krmx" : "/")}", "alice");

        await ExchangeAsync(alice, 100, name == "Chat" ? "chat/message" : "echo");

        Assert.Equal(0, await server.EndAsync("TERM"));
    }

    [Fact]
    public async Task Serve_WhoseOutputNobodyReads_ServesOnAndEnds()
    {
        int port = ServerProcess.FreePort();
        await using ServerProcess server = Start("Krmx.Cli", port, null);
        await using KrmxClient alice = await ServerProcess.LinkAsync($"ws://127.0.0.1:{port}/", "alice");

        await ExchangeAsync(alice, Messages, "echo");

        Assert.Equal(0, await server.EndAsync("TERM"));
    }

    [Fact]
    public async Task Serve_WhoseOutputIsReadLate_SaysHowManyLinesAreMissing()
    {
        int port = ServerProcess.FreePort();
        await using ServerProcess server = Start("Krmx.Cli", port, null);
        await using KrmxClient alice = await ServerProcess.LinkAsync($"ws://127.0.0.1:{port}/", "alice");
        await ExchangeAsync(alice, Messages, "echo");

        int shown = 0, dropped = 0;
        while (dropped == 0)
        {
            string line = (await server.Output.ReadLineAsync().Soon())!;
            if (line.Contains(" alice: ", StringComparison.Ordinal))
                shown++;
            else if (line.EndsWith(" lines dropped, as nobody read them", StringComparison.Ordinal))
                dropped = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }

        Assert.Equal(Messages, shown + dropped);
        await alice.SendAsync("echo", "after");
        Assert.EndsWith(""" alice: {"type":"echo","payload":"after"}""", await server.Output.ReadLineAsync().Soon());
    }

    private static ServerProcess Start(string name, int port, string? output) => name == "Krmx.Cli"
        ? ServerProcess.Start(name, output, "serve", "--port", $"{port}", "--host", "127.0.0.1", "--include-sender", "--verbose")
        : ServerProcess.Start(name, output, "--urls", $"http://127.0.0.1:{port}");

    /// <summary>Sends messages, and waits until all have come back.</summary>
    private static async Task ExchangeAsync(KrmxClient client, int messages, string type)
    {
        int back = 0;
        using IDisposable subscription = client.OnMessage(_ => back++);
        for (int i = 0; i < messages; i++)
            await client.SendAsync(type, Text);
        await Patience.Until(() => back == messages, () => $"{messages} came back, not {back}");
    }
}

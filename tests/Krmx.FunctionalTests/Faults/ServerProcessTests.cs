using System.Diagnostics;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Server processes that die or are told to end, under clients that come back by themselves.</summary>
[Collection(nameof(WholeMachine))]
public class ServerProcessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_ThousandClientsAreLinkedAgain()
    {
        await using PeerProcess first = await PeerProcess.StartServerAsync();
        await using ReturningClients clients = await ReturningClients.LinkAsync(1000, new Uri($"ws://127.0.0.1:{first.Port}/krmx"));

        await first.SendAsync(Signal.Kill);
        await first.WaitForExitAsync();
        await using PeerProcess second = await PeerProcess.StartServerAsync(first.Port);
        Return back = await clients.ComeBackAsync();

        output.WriteLine($"kill -9 of the server, {clients.Count} clients with the default policy: {back}");
        Assert.Equal(clients.Count, (await second.StatsAsync()).Linked);
    }

    [Fact]
    public async Task Stop_EndsNobodyWhoAnswersOnceItIsContinued()
    {
        const int Ping = 500;
        await using PeerProcess server = await PeerProcess.StartServerAsync(pingMilliseconds: Ping);
        await using ReturningClients clients = await ReturningClients.LinkAsync(200, server.Uri);
        await using WireClient silent = await WireClient.ConnectAsync(server.Port);
        await silent.LinkAsync("silent");

        await server.SendAsync(Signal.Stop);
        await Task.Delay(5 * 2 * Ping);
        await server.SendAsync(Signal.Continue);
        await silent.ExpectEndAsync(); // by then everybody else would have been ended as well
        await Patience.Until(async () => (await server.StatsAsync()).Linked == clients.Count, "all but the silent one are linked");

        Assert.Empty(clients.Closes);
        output.WriteLine($"SIGSTOP of the server for five times its interval and timeout, then SIGCONT: all of {clients.Count} clients are still linked");
    }

    [Fact]
    public async Task Terminate_ClosesEveryClientWith1012AndTheyComeBack()
    {
        await using PeerProcess first = await PeerProcess.StartServerAsync();
        await using ReturningClients clients = await ReturningClients.LinkAsync(200, new Uri($"ws://127.0.0.1:{first.Port}/krmx"));

        long began = Stopwatch.GetTimestamp();
        await first.SendAsync(Signal.Terminate);
        await first.WaitForExitAsync();
        TimeSpan closed = Stopwatch.GetElapsedTime(began);
        await using PeerProcess second = await PeerProcess.StartServerAsync(first.Port);
        Return back = await clients.ComeBackAsync();

        output.WriteLine($"SIGTERM of the server, {clients.Count} clients: closed with {string.Join(", ", clients.Closes)} " +
            $"in {closed.TotalSeconds:F2} s; {back}");
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(["1012"], clients.Closes);
    }
}

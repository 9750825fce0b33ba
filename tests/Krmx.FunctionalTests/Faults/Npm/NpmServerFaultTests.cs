using System.Diagnostics;
using System.Net.Sockets;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;
using Xunit.Sdk;

namespace Krmx.FunctionalTests.Faults.Npm;

/// <summary>The faults that our server is put through, done to the npm server.</summary>
[Collection(nameof(WholeMachine))]
public class NpmServerFaultTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task TenThousandAtOnce_AreServed()
    {
        OpenFiles.Demand(ConnectionFlood.Connections + 500);
        await using PeerProcess server = await PeerProcess.StartNpmServerAsync();
        PeerStats before = await server.StatsAsync();
        var runs = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            (int served, PeerStats during) = await ConnectionFlood.RunAsync(server);
            PeerStats after = await server.StatsAsync();
            runs.Add($"{served} served, files {during.Files}, {after.Files}, heap MB {during.ManagedBytes / 1e6:F1}, {after.ManagedBytes / 1e6:F1}, resident MB " +
                $"{during.ResidentBytes / 1e6:F0}, {after.ResidentBytes / 1e6:F0}");
            Assert.InRange(served, ConnectionFlood.Connections * 9 / 10, ConnectionFlood.Connections);
        }
        output.WriteLine($"npm, {ConnectionFlood.Connections} connections at once, during and after; {before.Files} files and {before.ManagedBytes / 1e6:F1} MB before: " +
            string.Join("; ", runs));
    }

    [Fact(Explicit = true)]
    public async Task Kill_ThousandClientsAreLinkedAgain()
    {
        await using PeerProcess first = await PeerProcess.StartNpmServerAsync();
        await using ReturningClients clients = await ReturningClients.LinkAsync(1000, first.Uri);

        await first.SendAsync(Signal.Kill);
        await first.WaitForExitAsync();
        await using PeerProcess second = await PeerProcess.StartNpmServerAsync(first.Port);
        Return back = await clients.ComeBackAsync();

        output.WriteLine($"npm, kill -9 of the server, {clients.Count} clients with the default policy: {back}");
        Assert.Equal(clients.Count, (await second.StatsAsync()).Linked);
    }

    [Fact(Explicit = true)]
    public async Task Terminate_TellsClientsNothing()
    {
        await using PeerProcess first = await PeerProcess.StartNpmServerAsync();
        await using ReturningClients clients = await ReturningClients.LinkAsync(200, first.Uri);

        await first.SendAsync(Signal.Terminate);
        await first.WaitForExitAsync();
        await using PeerProcess second = await PeerProcess.StartNpmServerAsync(first.Port);
        Return back = await clients.ComeBackAsync();

        output.WriteLine($"npm, SIGTERM, {clients.Count} clients: exit {first.ExitCode}, closed with {string.Join(", ", clients.Closes)}; {back}");
        Assert.Equal(["nothing"], clients.Closes);
    }

    [Fact(Explicit = true)]
    public async Task TenthThatReadsNothing_StaysLinked()
    {
        await using PeerProcess server = await PeerProcess.StartNpmServerAsync();
        SlowReaders run = await SlowReaders.RunPacedAsync(server);
        output.WriteLine($"npm, {run}");
        Assert.Equal(SlowReaders.Clients + 1, run.After.Linked);
    }

    [Theory(Explicit = true)]
    [InlineData("delayed by 5 to 25 ms each way")]
    [InlineData("one byte at a time")]
    [InlineData("stalled 10 times to the clients")]
    [InlineData("stalled 10 times to the server")]
    public async Task Network_ThatIsBad_LosesNothing(string fault)
    {
        const int Clients = 20, Messages = 100;
        await using PeerProcess server = await PeerProcess.StartNpmServerAsync();
        await using var proxy = new FaultProxy(server.Uri);
        proxy.Faults = fault switch
        {
            "one byte at a time" => new ProxyFaults { MaxWrite = 1 },
            "delayed by 5 to 25 ms each way" => new ProxyFaults { Delay = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(20) },
            _ => ProxyFaults.None,
        };
        int heard = 0;
        await using ReturningClients clients = await ReturningClients.LinkAsync(Clients, proxy.Uri, () => Interlocked.Increment(ref heard));
        await using var speaker = new KrmxClient();
        await speaker.ConnectAsync(server.Uri);
        await speaker.LinkAsync("speaker");
        for (int i = 0; i < Messages; i++)
        {
            if (i % 20 == 0 && fault.EndsWith("clients", StringComparison.Ordinal))
                proxy.StallToClients();
            else if (i % 20 == 0 && fault.EndsWith("server", StringComparison.Ordinal))
                proxy.StallToServer();
            else if (i % 20 == 10)
                proxy.Resume();
            await speaker.SendAsync("news");
        }
        await Patience.Until(() => heard >= Clients * Messages, () => $"{Clients * Messages} messages were heard, not {heard}");
        Assert.Equal(Clients * Messages, heard);
        Assert.Empty(clients.Closes);
        output.WriteLine($"npm, {Clients} connections {fault}: {heard} messages, each once");
    }

    [Theory(Explicit = true)]
    [InlineData("reset")]
    [InlineData("half-open on the clients")]
    public async Task Connections_ThatAreCut_AreFollowedByOthers(string fault)
    {
        const int Clients = 15;
        await using PeerProcess server = await PeerProcess.StartNpmServerAsync();
        await using var proxy = new FaultProxy(server.Uri);
        await using ReturningClients clients = await ReturningClients.LinkAsync(Clients, proxy.Uri);
        proxy.CutFromServer();
        if (fault == "reset")
            proxy.CutFromClient();
        Return back = await clients.ComeBackAsync();
        output.WriteLine($"npm, {Clients} connections {fault}: all linked again after {back.Time.TotalSeconds:F1} s");
    }

    [Fact(Explicit = true)]
    public async Task ClientsGoneWithoutAWord_AreNotLetBack()
    {
        const int Clients = 15;
        await using PeerProcess server = await PeerProcess.StartNpmServerAsync();
        await using var proxy = new FaultProxy(server.Uri);
        await using ReturningClients clients = await ReturningClients.LinkAsync(Clients, proxy.Uri);
        proxy.CutFromClient();
        await Assert.ThrowsAsync<FailException>(clients.ComeBackAsync);
        Assert.Equal(0, clients.LinkedAgain);
        output.WriteLine($"npm, {Clients} connections half-open on the server: none is linked again after {Patience.Limit.TotalSeconds} s");
    }

    [Fact(Explicit = true)]
    public async Task ClientProcess_ThatIsStopped_StaysLinked()
    {
        const int Clients = 50;
        await using PeerProcess server = await PeerProcess.StartNpmServerAsync();
        await using PeerProcess clients = await PeerProcess.StartClientsAsync(server.Uri, "process", Clients);
        await clients.SendAsync(Signal.Stop);
        await Task.Delay(Patience.Limit);
        Assert.Equal(Clients, (await server.StatsAsync()).Linked);
        output.WriteLine($"npm, SIGSTOP of a process with {Clients} clients: all still linked after {Patience.Limit.TotalSeconds} s");
    }

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loss_AfterEveryByteOfASession_HurtsNobodyElse(bool isReset)
    {
        await using var victim = new NpmVictim();
        await victim.StartAsync();
        byte[] session = LostConnectionTests.Session(victim.Server.Version);
        for (int sent = 0; sent <= session.Length; sent++)
        {
            await using WireClient lost = await WireClient.OpenAsync(victim.Server.Port);
            await lost.SendAsync(session.AsMemory(0, sent));
            if (isReset)
                lost.Reset();
        }
        Assert.True(await victim.IsBystanderServedAsync());
        await UntilLinkedAsync(victim.Server, 1);
        output.WriteLine($"npm, {session.Length + 1} connections {(isReset ? "reset" : "ended")}, one after each byte: the bystander is served, nothing is left linked");
    }

    [Fact(Explicit = true)]
    public async Task ClientProcess_ThatIsKilled_IsUnlinked()
    {
        const int Clients = 50;
        await using var victim = new NpmVictim();
        await victim.StartAsync();
        await using PeerProcess clients = await PeerProcess.StartClientsAsync(victim.Server.Uri, "process", Clients);

        long began = Stopwatch.GetTimestamp();
        await clients.SendAsync(Signal.Kill);
        await UntilLinkedAsync(victim.Server, 1);
        string time = Seconds(began);
        Assert.True(await victim.IsBystanderServedAsync());
        output.WriteLine($"npm, kill -9 of a process with {Clients} clients: unlinked after {time} s; the bystander is served");
    }

    [Fact(Explicit = true)]
    public async Task HandshakesThatNeverEnd_HoldUpNobodyAndAreEnded()
    {
        const int Connections = 1000;
        await using var victim = new NpmVictim();
        await victim.StartAsync();
        Socket[] slow = await SlowlorisTests.OpenAsync(victim.Server.Port, Connections);
        Assert.True(await victim.IsBystanderServedAsync());
        int answered = 0;
        foreach (Socket socket in slow)
        {
            answered += await SlowlorisTests.ReadToEndAsync(socket);
            socket.Dispose();
        }
        Assert.True(await victim.IsBystanderServedAsync());
        output.WriteLine($"npm, {Connections} handshakes that never end: all ended by Node's limit, {answered} with 408; the bystander is served meanwhile");
    }

    [Fact(Explicit = true)]
    public async Task RefusedOverAndOver_AnswersEachAttemptOnce()
    {
        const int Connections = 50, Attempts = 100;
        await using var victim = new NpmVictim();
        await victim.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async i =>
        {
            await using WireClient wire = await WireClient.ConnectAsync(victim.Server.Port);
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                await wire.AskAsync($"guess{(i * Attempts) + attempt}", "refuse", victim.Server.Version);
                await wire.ExpectAsync(Texts.Rejected("refused"));
            }
        }));
        Assert.True(await victim.IsBystanderServedAsync());
        output.WriteLine($"npm, {Connections * Attempts} names tried by {Connections} connections: each is answered once");
    }

    private static Task UntilLinkedAsync(PeerProcess server, int count) =>
        Patience.Until(async () => (await server.StatsAsync()).Linked == count, $"{count} are linked");

    private static string Seconds(long began) => $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1}";
}

using System.Net;
using System.Net.Sockets;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Connections that end at every stage of their life, with an end or with a reset.</summary>
public class LostConnectionTests(ITestOutputHelper output)
{
    private static readonly byte[] Handshake = WireClient.Handshake("/krmx?c=lost");

    /// <summary>What a client sends in a whole session.</summary>
    internal static byte[] Session(string version) =>
    [
        .. Handshake,
        .. WireFrame.OfText(WireClient.LinkText("lost", version: version)).ToBytes(),
        .. WireFrame.OfText("""{"type":"other"}""").ToBytes(),
        .. WireFrame.OfText("""{"type":"krmx/leave"}""").ToBytes(),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loss_AfterEveryByteOfASession_HurtsNobodyElse(bool isReset)
    {
        await using FaultWorld world = await FaultWorld.StartAsync();
        await world.LinkAsync(healthy: 5, faulty: 0);
        byte[] session = Session("0.6.0");

        for (int sent = 0; sent <= session.Length; sent++)
        {
            await using WireClient lost = await WireClient.OpenAsync(world.Server.Port);
            await lost.SendAsync(session.AsMemory(0, sent));
            if (isReset)
                lost.Reset();
            if (sent % 10 == 0)
                await world.TickAsync();
        }
        await world.Server.Until(room => room.ConnectionCount == 5, "the lost connections are gone");

        output.WriteLine($"{session.Length + 1} connections {(isReset ? "reset" : "ended")}, one after each byte: {await world.JudgeAsync()}");
    }

    [Fact]
    public async Task LinkRequests_OfConnectionsThatAreResetAtOnce_AreReadWhileTheRequestEnds()
    {
        const int Connections = 20_000, AtOnce = 4;
        await using FaultWorld world = await FaultWorld.StartAsync(options => options.Messages.MaxLinksPerSecond = 0);
        byte[] bytes = [.. Handshake, .. WireFrame.OfText(WireClient.LinkText("lost")).ToBytes()];
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            using var lost = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await lost.ConnectAsync(IPAddress.Loopback, world.Server.Port);
            await lost.SendAsync(bytes);
            Thread.SpinWait(Random.Shared.Next(20_000)); // up to some tenths of a millisecond: where the server is by then is what is tried
            lost.LingerState = new LingerOption(enable: true, seconds: 0);
        });
        await world.Server.Until(room => room.ConnectionCount == 0, "the lost connections are gone");
        output.WriteLine($"{Connections} link requests of connections that were reset at once: {world.Recorder.Links} links, no errors");
    }

    [Fact]
    public async Task Storm_OfLinksAndLossesAtOnce_LeavesTheServerAsItWas()
    {
        const int Connections = 1000;
        await using FaultWorld world = await FaultWorld.StartAsync();
        await world.LinkAsync(healthy: 5, faulty: 0);
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) =>
        {
            await using WireClient lost = await world.Server.ConnectAsync($"/krmx?c=lost{i}");
            await lost.AskAsync($"lost{i % 100}", i % 3 == 0 ? "slow" : null);
            if (i % 2 == 0)
                await lost.ReadTextAsync();
            if (i % 5 == 0)
                lost.Reset();
        });
        await world.Server.Until(room => room.ConnectionCount == 5, "the lost connections are gone");

        output.WriteLine($"{Connections} connections lost, 50 at a time, for 100 users: {await world.JudgeAsync()}");
    }
}

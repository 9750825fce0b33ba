using System.Net;
using System.Net.Sockets;
using System.Text;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;

namespace Krmx.FunctionalTests.Faults;

/// <summary>More connections at once than anybody expects.</summary>
[Collection(nameof(ScaleCollection))]
public class ConnectionFloodTests(ITestOutputHelper output)
{
    private const int Connections = 10_000, WarmUps = 4;

    private static readonly byte[] Handshake = Encoding.ASCII.GetBytes(
        "GET /krmx HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");

    [Fact]
    public async Task TenThousandAtOnce_AreServedAndLeaveNothingBehind()
    {
        OpenFiles.Demand(Connections + 500);
        await using PeerProcess server = await PeerProcess.StartServerAsync();

        // Pools keep what the highest tide took, and no two are equally high: several show how high they get.
        var before = new PeerStats[WarmUps];
        for (int i = 0; i < WarmUps; i++)
        {
            await FloodAsync(server);
            before[i] = await server.StatsAsync();
        }
        int mostFiles = before.Max(stats => stats.Files);
        long mostBytes = before.Max(stats => stats.ManagedBytes);
        (int served, PeerStats during) = await FloodAsync(server);
        PeerStats after = during;
        await Patience.Until(
            async () => (after = await server.StatsAsync()).Files <= mostFiles * 1.05 && after.ManagedBytes <= mostBytes * 1.05,
            "files and memory are back where earlier floods had left them");

        output.WriteLine($"{Connections} connections at once, {WarmUps + 1} times, {served} served: open files {mostFiles}, {during.Files}, {after.Files} before, " +
            $"during and after; managed MB {string.Join(", ", before.Select(stats => $"{stats.ManagedBytes / 1e6:F1}"))} after the earlier ones, " +
            $"{during.ManagedBytes / 1e6:F1} during, {after.ManagedBytes / 1e6:F1} after; resident MB {during.ResidentBytes / 1e6:F0}, {after.ResidentBytes / 1e6:F0}");
        Assert.InRange(served, Connections * 99 / 100, Connections);
    }

    /// <returns>How many were upgraded, and what the server used then.</returns>
    private static async Task<(int Served, PeerStats Stats)> FloodAsync(PeerProcess server)
    {
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => OpenAsync(server.Port)));
        int served = (await Task.WhenAll(sockets.Select(IsServedAsync))).Count(isServed => isServed);
        await using (WireClient bob = await WireClient.ConnectAsync(server.Port))
            await bob.LinkAsync("bob");
        PeerStats stats = await server.StatsAsync();
        for (int i = 0; i < Connections; i++)
        {
            if (i % 2 == 0)
                sockets[i].LingerState = new LingerOption(enable: true, seconds: 0); // a reset
            sockets[i].Dispose();
        }
        await Patience.Until(async () => (await server.StatsAsync()).Connections == 0, "the connections are gone");
        return (served, stats);
    }

    private static async Task<Socket> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port).Soon();
        await socket.SendAsync(Handshake);
        return socket;
    }

    /// <returns>Whether it was upgraded; false where the kernel refused it, with more waiting than it keeps. There is no third.</returns>
    private static async Task<bool> IsServedAsync(Socket socket)
    {
        byte[] buffer = new byte[512];
        int count;
        try
        {
            count = await socket.ReceiveAsync(buffer).Soon();
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString(buffer, 0, count), StringComparison.Ordinal);
        return true;
    }
}

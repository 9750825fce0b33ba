using System.Net;
using System.Net.Sockets;
using System.Text;
using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Connections to a server process, all at once, half of which are reset in the end.</summary>
internal static class ConnectionFlood
{
    public const int Connections = 10_000;

    private static readonly byte[] Handshake = WireClient.Handshake();

    /// <returns>How many were upgraded, and not refused by the kernel, and what the server used then.</returns>
    public static async Task<(int Served, PeerStats Stats)> RunAsync(PeerProcess server)
    {
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => OpenAsync(server.Port)));
        int served = (await Task.WhenAll(sockets.Select(IsServedAsync))).Count(isServed => isServed);
        await using (WireClient bob = await WireClient.ConnectAsync(server.Port))
            await bob.LinkAsync("bob", version: server.Version);
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

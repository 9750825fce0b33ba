using System.Net;
using System.Net.Sockets;
using System.Text;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Hosting;

namespace Krmx.FunctionalTests.Faults;

/// <summary>Handshakes that come one byte at a time and never end.</summary>
public class SlowlorisTests(ITestOutputHelper output)
{
    [Fact]
    public async Task HandshakesThatNeverEnd_HoldUpNobodyAndAreEnded()
    {
        const int Connections = 1000;
        await using TestServer server = await new TestServer
        {
            Build = builder => builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(2)),
        }.StartAsync();
        Socket[] slow = await OpenAsync(server.Port, Connections);

        // Nothing of them has reached Krmx, and everybody else is served.
        await using WireClient bob = await server.LinkAsync("bob");
        for (int i = 0; i < 100; i++)
            await bob.EchoAsync();
        Assert.Equal(1, await server.Room.InvokeAsync(() => server.Room.ConnectionCount));

        int answered = 0;
        foreach (Socket socket in slow)
        {
            answered += await ReadToEndAsync(socket);
            socket.Dispose();
        }
        await bob.EchoAsync();
        output.WriteLine($"{Connections} handshakes that never end: all ended by Kestrel's limit, {answered} with 408; 1 user served meanwhile");
    }

    internal static async Task<Socket[]> OpenAsync(int port, int connections)
    {
        Socket[] slow = new Socket[connections];
        byte[] drip = Encoding.ASCII.GetBytes("GET /krmx HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nX-Slow: ");
        for (int i = 0; i < connections; i++)
        {
            slow[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await slow[i].ConnectAsync(IPAddress.Loopback, port);
            await slow[i].SendAsync(drip.AsMemory(0, 1 + (i % drip.Length)));
        }
        return slow;
    }

    /// <returns>1 where the server said that it was too slow.</returns>
    internal static async Task<int> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer).Soon() is int count and > 0)
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString().StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal) ? 1 : 0;
    }
}

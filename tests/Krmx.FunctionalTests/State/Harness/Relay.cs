using System.Net;
using System.Net.Sockets;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>Stands between clients and their server, to cut their connections without a goodbye.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _toClients = [];
    private readonly List<Socket> _toServer = [];
    private readonly int _targetPort;
    private readonly Task _accepting;

    public Relay(Uri server)
    {
        _targetPort = server.Port;
        _listener.Start();
        Uri = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    public Uri Uri { get; }

    /// <summary>Whether new connections are cut at once.</summary>
    public bool IsDown { get; set; }

    /// <summary>Ends the connections for the server; what the clients still send is lost.</summary>
    public void CutFromServer() => Abort(_toServer);

    /// <summary>Ends the connections for the clients, too.</summary>
    public void CutFromClient() => Abort(_toClients);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        CutFromServer();
        CutFromClient();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                Keep(client, _toClients);
                if (IsDown)
                {
                    CutFromClient();
                    continue;
                }
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _targetPort);
                Keep(server, _toServer);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private static void Keep(Socket socket, List<Socket> kept)
    {
        socket.NoDelay = true;
        lock (kept)
            kept.Add(socket);
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is int count and > 0)
                await to.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The other side is told only by a cut, so that a test decides who learns of it when.
        }
    }

    private static void Abort(List<Socket> sockets)
    {
        lock (sockets)
        {
            foreach (Socket socket in sockets)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
            }
            sockets.Clear();
        }
    }
}

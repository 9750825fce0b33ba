using System.Net;
using System.Net.Sockets;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>Stands between one client and its server, to cut their connection without a goodbye.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _targetPort;
    private readonly Task _accepting;
    private Socket? _toClient;
    private Socket? _toServer;

    public Relay(Uri server)
    {
        _targetPort = server.Port;
        _listener.Start();
        Uri = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    public Uri Uri { get; }

    /// <summary>Ends the connection for the server; what the client still sends is lost.</summary>
    public void CutFromServer() => Abort(Interlocked.Exchange(ref _toServer, null));

    /// <summary>Ends the connection for the client, too.</summary>
    public void CutFromClient() => Abort(Interlocked.Exchange(ref _toClient, null));

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
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await server.ConnectAsync(IPAddress.Loopback, _targetPort);
                client.NoDelay = true;
                (_toClient, _toServer) = (client, server);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
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

    private static void Abort(Socket? socket)
    {
        if (socket is null)
            return;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}

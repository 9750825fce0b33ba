using System.Net.Sockets;

namespace Krmx.FunctionalTests.Faults.Proxy;

/// <summary>One connection through a proxy.</summary>
internal sealed class ProxiedConnection
{
    private readonly Socket _client;
    private readonly Socket _server;
    private int _cutSides;

    public ProxiedConnection(Socket client, Socket server, Func<ProxyFaults> faults)
    {
        _client = client;
        _server = server;
        ToServer = new ProxyPipe(client, server, isToClient: false, faults, Cut);
        ToClient = new ProxyPipe(server, client, isToClient: true, faults, Cut);
        _ = PumpAsync();
    }

    public ProxyPipe ToServer { get; }

    public ProxyPipe ToClient { get; }

    /// <summary>Whether neither side is open any more.</summary>
    public bool IsOver => Volatile.Read(ref _cutSides) == 3;

    /// <summary>Resets the server's side; the client's stays open and silent.</summary>
    public void CutFromServer() => Abort(_server, 1);

    /// <summary>Resets the client's side; the server's stays open and silent.</summary>
    public void CutFromClient() => Abort(_client, 2);

    /// <summary>Resets both sides.</summary>
    public void Cut()
    {
        CutFromServer();
        CutFromClient();
    }

    private void Cut(CutManner manner)
    {
        switch (manner)
        {
            case CutManner.End:
                End(_server);
                End(_client);
                break;
            case CutManner.HalfOpen:
                CutFromClient();
                break;
            default:
                Cut();
                break;
        }
    }

    private static void End(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Its peer has gone already.
        }
    }

    private async Task PumpAsync()
    {
        bool[] ends = await Task.WhenAll(ToServer.PumpAsync(), ToClient.PumpAsync());
        if (!ends.All(end => end))
            return;
        _client.Dispose();
        _server.Dispose();
        Volatile.Write(ref _cutSides, 3);
    }

    private void Abort(Socket socket, int side)
    {
        if ((Interlocked.Or(ref _cutSides, side) & side) != 0)
            return;
        Abort(socket);
    }

    public static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Its peer has gone already.
        }
        socket.Dispose();
    }
}

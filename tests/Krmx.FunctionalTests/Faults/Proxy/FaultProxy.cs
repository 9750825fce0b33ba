using System.Net;
using System.Net.Sockets;

namespace Krmx.FunctionalTests.Faults.Proxy;

/// <summary>Stands between clients and their server and does to their connections what networks do.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<ProxiedConnection> _connections = [];
    private readonly Task _accepting;
    private int _faulty = int.MaxValue; // how many of the next connections suffer the faults

    public FaultProxy(Uri server)
    {
        TargetPort = server.Port;
        _listener.Start();
        Uri = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    public Uri Uri { get; }

    /// <summary>Where new connections lead.</summary>
    public int TargetPort { get; set; }

    /// <summary>Whether new connections are cut at once.</summary>
    public bool IsDown { get; set; }

    /// <summary>What the connections suffer from now on.</summary>
    public ProxyFaults Faults { get; set; } = ProxyFaults.None;

    /// <summary>The connections of which a side is open.</summary>
    public IReadOnlyList<ProxiedConnection> Connections
    {
        get
        {
            lock (_connections)
                return [.. _connections.Where(connection => !connection.IsOver)];
        }
    }

    /// <summary>Spares connections from the faults, but for the next few.</summary>
    public void Spare(int after) => _faulty = after;

    /// <summary>Ends the connections for the server; what the clients still send is lost.</summary>
    public void CutFromServer() => All(connection => connection.CutFromServer());

    /// <summary>Ends the connections for the clients; what the server still sends is lost.</summary>
    public void CutFromClient() => All(connection => connection.CutFromClient());

    /// <summary>Resets the connections for both sides, and forgets them.</summary>
    public void Cut()
    {
        All(connection => connection.Cut());
        lock (_connections)
            _connections.RemoveAll(connection => connection.IsOver);
    }

    public void StallToClients() => All(connection => connection.ToClient.Stall());

    public void StallToServer() => All(connection => connection.ToServer.Stall());

    public void Resume() => All(connection =>
    {
        connection.ToClient.Resume();
        connection.ToServer.Resume();
    });

    /// <summary>Ends what is done to connections; those that were cut stay cut.</summary>
    public void Heal()
    {
        Faults = ProxyFaults.None;
        IsDown = false;
        Resume();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        Resume();
        CutFromServer();
        CutFromClient();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception error) when (error is SocketException or InvalidOperationException)
            {
                return; // the listener was stopped
            }
            await ConnectAsync(client);
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        if (IsDown)
        {
            ProxiedConnection.Abort(client);
            return;
        }
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, TargetPort);
        }
        catch (SocketException)
        {
            ProxiedConnection.Abort(client); // the server is away
            server.Dispose();
            return;
        }
        client.NoDelay = server.NoDelay = true;
        lock (_connections)
        {
            _connections.RemoveAll(connection => connection.IsOver);
            bool isFaulty = Interlocked.Decrement(ref _faulty) >= 0;
            _connections.Add(new ProxiedConnection(client, server, () => isFaulty ? Faults : ProxyFaults.None));
        }
    }

    private void All(Action<ProxiedConnection> act)
    {
        ProxiedConnection[] all;
        lock (_connections)
            all = [.. _connections];
        foreach (ProxiedConnection connection in all)
            act(connection);
    }
}

using System.Net.Sockets;

namespace Krmx.Load.Connections;

/// <summary>The same on every system, at a cost that grows with the number of clients.</summary>
internal sealed class Selection : IReadiness
{
    private readonly Dictionary<Socket, LoadClient> _clients = [];

    public void Watch(LoadClient client)
    {
        lock (_clients)
            _clients.Add(client.Socket, client);
    }

    public void Unwatch(LoadClient client)
    {
        lock (_clients)
            _clients.Remove(client.Socket);
    }

    public void Wait(List<LoadClient> readable, TimeSpan limit)
    {
        List<Socket> sockets;
        lock (_clients)
            sockets = [.. _clients.Where(pair => !pair.Value.HasEnded).Select(pair => pair.Key)];
        if (sockets.Count == 0)
        {
            Thread.Sleep(limit);
            return;
        }
        try
        {
            Socket.Select(sockets, null, null, limit);
        }
        catch (ObjectDisposedException)
        {
            return; // a client ended meanwhile
        }
        lock (_clients)
            readable.AddRange(sockets.Select(socket => _clients[socket]));
    }

    public void Dispose()
    {
    }
}

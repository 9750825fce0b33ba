using System.Net;
using System.Net.Sockets;

namespace Krmx.FunctionalTests.Browser;

/// <summary>Stands between a browser and a server, and cuts what goes through it.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<Socket> _sockets = [];
    private readonly Uri _server;
    private volatile bool _isCut;

    public CuttableProxy(string server)
    {
        _server = new Uri(server);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Resets every connection, and every new one until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        lock (_sockets)
        {
            foreach (Socket socket in _sockets)
                Reset(socket);
            _sockets.Clear();
        }
    }

    public void Mend() => _isCut = false;

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        return default;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // disposed
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_sockets)
        {
            if (_isCut)
            {
                Reset(client);
                return;
            }
            _sockets.Add(client);
            _sockets.Add(server);
        }
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port);
            await using var near = new NetworkStream(client, ownsSocket: true);
            await using var far = new NetworkStream(server);
            Task[] both = [near.CopyToAsync(far), far.CopyToAsync(near)];
            await Task.WhenAny(both);
            near.Close();
            far.Close();
            await Task.WhenAll(both);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // cut
        }
        lock (_sockets)
        {
            _sockets.Remove(client);
            _sockets.Remove(server);
        }
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}

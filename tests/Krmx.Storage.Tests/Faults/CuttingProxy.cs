using System.Net;
using System.Net.Sockets;

namespace Krmx.Storage.Tests.Faults;

/// <summary>A way to a server that is cut after so many bytes.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly Task _accepting;
    private readonly List<Task> _connections = [];
    private long _requestsLeft = long.MaxValue;
    private long _answersLeft = long.MaxValue;

    public CuttingProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether a connection was cut since.</summary>
    public bool HasCut { get; private set; }

    /// <summary>From now on so many bytes pass before everything is cut.</summary>
    public void CutAfter(long? requests = null, long? answers = null)
    {
        HasCut = false;
        Volatile.Write(ref _requestsLeft, requests ?? long.MaxValue);
        Volatile.Write(ref _answersLeft, answers ?? long.MaxValue);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(PassAsync(client, server, isAnswer: false), PassAsync(server, client, isAnswer: true));
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and int read)
            {
                long left = (isAnswer ? Interlocked.Add(ref _answersLeft, -read) : Interlocked.Add(ref _requestsLeft, -read)) + read;
                if (left >= read)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                    continue;
                }
                if (left > 0)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, (int)left));
                HasCut = true;
                return;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}

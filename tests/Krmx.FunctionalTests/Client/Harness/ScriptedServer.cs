using System.Net;
using System.Net.Sockets;

namespace Krmx.FunctionalTests.Client.Harness;

/// <summary>A server on a port of its own that does with each connection what the test says, right or wrong.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ServerConnection, int, Task> _script;
    private readonly Task _accepting;

    /// <param name="script">Given every connection, and how many there were before it; when it ends, the connection is cut.</param>
    public ScriptedServer(Func<ServerConnection, int, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public ScriptedServer(Func<ServerConnection, Task> script)
        : this((connection, _) => script(connection))
    {
    }

    public Uri Uri => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (int before = 0; ; before++)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            socket.NoDelay = true;
            _ = ServeAsync(socket, before);
        }
    }

    private async Task ServeAsync(Socket socket, int before)
    {
        using var connection = new ServerConnection(socket, _stop.Token);
        try
        {
            await _script(connection, before);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or SocketException
            or System.Net.WebSockets.WebSocketException)
        {
            // The client or the test ended it first.
        }
    }
}

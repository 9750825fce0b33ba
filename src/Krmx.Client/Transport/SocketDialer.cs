using System.Net.WebSockets;

namespace Krmx.Transport;

/// <summary>Opens the platform's WebSocket: sockets of .NET, or the browser's.</summary>
internal static class SocketDialer
{
    public static async Task<WebSocket> DialAsync(Uri uri, KrmxClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            if (!OperatingSystem.IsBrowser())
                ConfigureKeepAlive(socket.Options, options);
            options.ConfigureSocket?.Invoke(socket.Options);
            await socket.ConnectAsync(uri, cancellationToken).ConfigureAwait(false);
            return socket;
        }
#if NET
        catch (WebSocketException error) when (!OperatingSystem.IsBrowser() && socket.HttpStatusCode != 0)
        {
            socket.Dispose();
            throw KrmxDisconnectedException.Of(socket.HttpStatusCode, error);
        }
#endif
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    private static void ConfigureKeepAlive(ClientWebSocketOptions socket, KrmxClientOptions options)
    {
        socket.KeepAliveInterval = options.KeepAlive.Interval;
#if NET
        socket.KeepAliveTimeout = options.KeepAlive.Timeout;
        socket.CollectHttpResponseDetails = true;
#endif
    }
}

using System.Net.WebSockets;

namespace Krmx.Connections;

/// <summary>A WebSocket that is opened only to say why it is closed: a browser sees close codes, but no status of a handshake.</summary>
internal static class RefusedConnection
{
    /// <summary>Closes it; the peer has a time to answer.</summary>
    public static async Task CloseAsync(
        WebSocket socket, ConnectionStream stream, ConnectionRequest request, CloseCode code, string description, TimeSpan timeout, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using CancellationTokenRegistration abort = patience.Token.Register(request.Abort);
        try
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, description, default).ConfigureAwait(false);
            byte[] buffer = new byte[1024];
            while ((await socket.ReceiveAsync(buffer.AsMemory(), default).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception error) when (SocketConnection.IsLoss(error))
        {
            // It went without an answer.
        }
        await stream.Output.DrainAsync().ConfigureAwait(false);
    }
}

using System.Net.WebSockets;

namespace Krmx.Connections;

/// <summary>How WebSockets end, whether a room knows of them or not.</summary>
internal static class WebSocketExtensions
{
    /// <summary>Whether an error of a WebSocket means that it was lost, or that the peer broke the protocol.</summary>
    public static bool IsLoss(this Exception error) =>
        error is WebSocketException or IOException or OperationCanceledException or InvalidOperationException;

    /// <summary>Reads away what a peer still sends until it answers a close.</summary>
    public static async Task SkipToCloseAsync(this WebSocket socket, byte[] buffer)
    {
        while ((await socket.ReceiveAsync(buffer.AsMemory(), default).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
        {
        }
    }
}

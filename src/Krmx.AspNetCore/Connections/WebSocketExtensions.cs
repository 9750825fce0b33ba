using System.Net.WebSockets;

namespace Krmx.Connections;

/// <summary>How WebSockets end.</summary>
internal static class WebSocketExtensions
{
    /// <summary>Whether an error of a WebSocket means that it was lost, or that the peer broke the protocol.</summary>
    public static bool IsLoss(this Exception error) =>
        error is WebSocketException or IOException or OperationCanceledException or InvalidOperationException;
}

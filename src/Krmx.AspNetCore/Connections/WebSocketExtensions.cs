using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Krmx.Connections;

/// <summary>How WebSockets begin and end.</summary>
internal static class WebSocketExtensions
{
    /// <summary>Accepts a WebSocket. The framework's own pings are off: the watch pings, for all connections with one timer.</summary>
    public static Task<WebSocket> AcceptKrmxAsync(this HttpContext context) =>
        context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });

    /// <summary>Whether an error of a WebSocket means that it was lost, or that the peer broke the protocol.</summary>
    public static bool IsLoss(this Exception error) =>
        error is WebSocketException or IOException or OperationCanceledException or InvalidOperationException;
}

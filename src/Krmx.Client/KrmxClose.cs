using System.Net.WebSockets;

namespace Krmx;

/// <summary>How a connection ended.</summary>
/// <param name="Status">The close code, the server's or the client's own; null when the connection was lost without one.</param>
/// <param name="Reason">The text that came with it; null where there was none.</param>
/// <param name="Error">What the connection failed with; null where it was closed.</param>
public sealed record KrmxClose(WebSocketCloseStatus? Status, string? Reason, Exception? Error)
{
    /// <summary>Whether a connection made again would end the same way: one of the two broke a rule of the other.</summary>
    internal bool IsFinal =>
        Status is WebSocketCloseStatus.ProtocolError or WebSocketCloseStatus.InvalidMessageType or WebSocketCloseStatus.InvalidPayloadData
            or WebSocketCloseStatus.PolicyViolation or WebSocketCloseStatus.MessageTooBig;

    /// <summary>One sentence for people.</summary>
    public override string ToString() => Status is WebSocketCloseStatus status
        ? $"the connection was closed with {(int)status}{(string.IsNullOrEmpty(Reason) ? "" : $" ({Reason})")}"
        : $"the connection was lost{(Error is null ? "" : $" ({Error.Message})")}";
}

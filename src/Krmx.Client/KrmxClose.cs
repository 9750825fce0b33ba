using System.Net.WebSockets;

namespace Krmx;

/// <summary>How a connection ended.</summary>
public sealed record KrmxClose
{
    /// <summary>Makes the end of a connection that was lost without a word.</summary>
    public KrmxClose()
    {
    }

    internal KrmxClose(WebSocketCloseStatus? status, string? reason, Exception? error)
    {
        Status = status;
        Reason = reason;
        Error = error;
    }

    /// <summary>The close code, the server's or the client's own; null when the connection was lost without one.</summary>
    public WebSocketCloseStatus? Status { get; init; }

    /// <summary>The text that came with it; null where there was none.</summary>
    public string? Reason { get; init; }

    /// <summary>What the connection failed with; null where it was closed.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether there is nothing to come back to: one of the two broke a rule of the other, and would again, or the room was deleted.</summary>
    internal bool IsFinal =>
        Status is WebSocketCloseStatus.ProtocolError or WebSocketCloseStatus.InvalidMessageType or WebSocketCloseStatus.InvalidPayloadData
            or WebSocketCloseStatus.PolicyViolation or WebSocketCloseStatus.MessageTooBig or (WebSocketCloseStatus)CloseCode.Deleted;

    /// <summary>One sentence for people.</summary>
    public override string ToString() => Status is WebSocketCloseStatus status
        ? $"the connection was closed with {(int)status}{(string.IsNullOrEmpty(Reason) ? "" : $" ({Reason})")}"
        : $"the connection was lost{(Error is null ? "" : $" ({Error.Message})")}";
}

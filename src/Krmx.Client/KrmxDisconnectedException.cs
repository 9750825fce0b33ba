using System.Net;

namespace Krmx;

/// <summary>There is no connection: it could not be made, or was lost before a request was answered.</summary>
/// <remarks>
/// Transient where a network or a server was away. Not where the next connection would end alike: the address is none, the server answered
/// with an HTTP status that asks for another request, one of the two broke a rule of the other; nor where the application disconnected.
/// </remarks>
public sealed class KrmxDisconnectedException : KrmxException
{
    /// <summary>Makes one that is not transient.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">Why; null where nothing else was thrown.</param>
    public KrmxDisconnectedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>How the connection ended; null when none was open.</summary>
    public KrmxClose? Close { get; init; }

    /// <summary>The HTTP status a server refused with, or null. Always null in browsers and in the .NET Standard build.</summary>
    public HttpStatusCode? HttpStatus { get; init; }

    /// <summary>What ended when a connection did.</summary>
    internal static KrmxDisconnectedException Of(string what, KrmxClose? close) =>
        new($"{what}: {close?.ToString() ?? "there is no connection"}", close?.Error)
        {
            Close = close,
            IsTransient = close is { IsFinal: false, Status: not System.Net.WebSockets.WebSocketCloseStatus.NormalClosure },
        };

    /// <summary>A connection that the server refused with an HTTP status.</summary>
    internal static KrmxDisconnectedException Of(HttpStatusCode status, Exception error) =>
        new($"cannot connect: the server answered with HTTP status {(int)status}", error)
        {
            HttpStatus = status,
            IsTransient = (int)status is 408 or 425 or 429 or >= 500,
        };
}

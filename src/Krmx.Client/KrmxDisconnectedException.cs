using System.Net;

namespace Krmx;

/// <summary>There is no connection: it could not be made, or was lost before a request was answered.</summary>
public sealed class KrmxDisconnectedException : KrmxException
{
    /// <summary>Makes one for a connection that ended.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="close">How the connection ended.</param>
    public KrmxDisconnectedException(string message, KrmxClose? close)
        : base(message, close?.Error) => Close = close;

    /// <summary>Makes one for a connection that could not be made.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">Why.</param>
    /// <param name="httpStatus">What the server answered instead; null when it did not.</param>
    public KrmxDisconnectedException(string message, Exception? innerException = null, HttpStatusCode? httpStatus = null)
        : base(message, innerException) => HttpStatus = httpStatus;

    /// <summary>How the connection ended; null when none was open.</summary>
    public KrmxClose? Close { get; }

    /// <summary>The HTTP status a server refused with, or null. Always null in browsers and in the .NET Standard build.</summary>
    public HttpStatusCode? HttpStatus { get; }
}

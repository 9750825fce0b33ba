using System.Net;
using System.Security.Claims;

namespace Krmx;

/// <summary>The facts of the HTTP request a connection began with, copied: plain data that outlives the request.</summary>
public sealed class KrmxConnectionInfo
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>A connection of which nothing is known.</summary>
    public static KrmxConnectionInfo Unknown { get; } = new();

    /// <summary>Who the server's own authentication found. Default: anonymous.</summary>
    public ClaimsPrincipal Principal { get; init; } = new(new ClaimsIdentity());

    /// <summary>The request's headers; names in any case, several values joined by commas. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Nothing;

    /// <summary>The request's query; names in any case, several values joined by commas. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = Nothing;

    /// <summary>Where the connection comes from. Default: null, for transports without addresses.</summary>
    public IPAddress? RemoteAddress { get; init; }
}

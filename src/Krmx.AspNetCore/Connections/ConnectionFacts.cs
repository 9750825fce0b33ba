using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Krmx.Connections;

/// <summary>Copies what an application may want to know of a connection's request.</summary>
internal static class ConnectionFacts
{
    public static KrmxConnectionInfo Of(HttpContext context) => new()
    {
        Principal = context.User,
        Headers = Copy(context.Request.Headers),
        Query = Copy(context.Request.Query),
        RemoteAddress = Plain(context.Connection.RemoteIpAddress),
    };

    /// <summary>A server that listens on IPv6 and IPv4 at once sees IPv4 addresses in the clothes of IPv6.</summary>
    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private static Dictionary<string, string> Copy(IEnumerable<KeyValuePair<string, StringValues>> values)
    {
        var copy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, StringValues value) in values)
            copy[name] = value.ToString();
        return copy;
    }
}

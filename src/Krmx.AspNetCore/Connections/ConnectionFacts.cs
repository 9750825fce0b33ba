using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Primitives;

namespace Krmx.Connections;

/// <summary>Copies what an application may want to know of a connection's request.</summary>
internal static class ConnectionFacts
{
    public static KrmxConnectionInfo Of(HttpContext context) =>
        new(UserOf(context), Copy(context.Request.Headers), Copy(context.Request.Query), Plain(context.Connection.RemoteIpAddress));

    /// <summary>As <see cref="HttpContext.User"/>, which another thread must not come near meanwhile (<see cref="ConnectionRequest"/>).</summary>
    private static ClaimsPrincipal UserOf(HttpContext context) =>
        context.Features.Get<IHttpAuthenticationFeature>()?.User ?? new ClaimsPrincipal(new ClaimsIdentity());

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

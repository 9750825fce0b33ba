using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Krmx.Connections;

/// <summary>Copies what an application may want to know of a connection's request.</summary>
internal static class ConnectionFacts
{
    public static KrmxConnectionInfo Of(HttpContext context) =>
        new(context.User, Copy(context.Request.Headers), Copy(context.Request.Query), context.Connection.RemoteIpAddress);

    private static Dictionary<string, string> Copy(IEnumerable<KeyValuePair<string, StringValues>> values)
    {
        var copy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, StringValues value) in values)
            copy[name] = value.ToString();
        return copy;
    }
}

using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Krmx.Connections;

/// <summary>Finds the socket under a request, where what is written to it is what the peer reads.</summary>
internal static class PlainSocket
{
    /// <returns>The socket; null where there is none or where TLS, or a middleware of the listener, stands before it.</returns>
    public static Socket? Of(HttpContext context) =>
        context.Features.Get<ITlsHandshakeFeature>() is null && IsTransportsOwn(context.Features.Get<IConnectionTransportFeature>())
            ? context.Features.Get<IConnectionSocketFeature>()?.Socket
            : null;

    /// <summary>A transport ends in a pipe; what stands before it puts a stream of its own there.</summary>
    private static bool IsTransportsOwn(IConnectionTransportFeature? feature) =>
        feature?.Transport.Output.GetType().DeclaringType == typeof(Pipe);
}

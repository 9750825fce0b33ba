using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krmx.Connections;

/// <summary>A WebSocket that is opened only to say why it is closed: a browser sees close codes, but no status of a handshake.</summary>
internal static class RefusedConnection
{
    /// <summary>Closes it; the peer has a time to answer.</summary>
    public static async Task CloseAsync(
        WebSocket socket, ConnectionStream stream, HttpContext context, CloseCode code, string description, TimeSpan timeout, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using CancellationTokenRegistration abort =
            patience.Token.Register(context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort);
        try
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, description, default).ConfigureAwait(false);
            await stream.SkipToCloseAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error.IsLoss())
        {
            // It went without an answer.
        }
        await stream.Output.DrainAsync().ConfigureAwait(false);
    }
}

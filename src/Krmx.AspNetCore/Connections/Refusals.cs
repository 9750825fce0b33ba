using System.Net.WebSockets;
using Krmx.Diagnostics;
using Krmx.Hosting;
using Microsoft.AspNetCore.Http;

namespace Krmx.Connections;

/// <summary>Tells clients why they are not served, and the application of them; where even that takes too many connections, by the handshake's status.</summary>
internal sealed class Refusals(KrmxOptions options, string route, EndpointEnvironment environment)
{
    /// <summary>How many refused clients may be told so at a time.</summary>
    private const int MaxTold = 1000;

    private int _telling;

    /// <summary>Refuses a request.</summary>
    public async Task RefuseAsync(HttpContext context, RefusalReason reason)
    {
        bool isTold = Interlocked.Increment(ref _telling) <= MaxTold;
        try
        {
            environment.Metrics.Refused(reason);
            GatewayLog.Refused(environment.Rooms.Logger, route, reason);
            Report(context, reason);
            if (!isTold)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            (CloseCode code, string description) = reason switch
            {
                RefusalReason.UnexpectedQuery => (CloseCode.PolicyViolation, "unexpected query parameters"),
                RefusalReason.TooManyRooms or RefusalReason.TooManyRoomsFromAddress => (CloseCode.TryAgainLater, "too many rooms"),
                _ => (CloseCode.TryAgainLater, "too many connections"),
            };
            using WebSocket socket = await context.AcceptKrmxAsync().ConfigureAwait(false);
            ConnectionStream stream = context.Features.Get<UpgradeInterceptor>()!.Stream!;
            await RefusedConnection.CloseAsync(
                socket, stream, context, code, description, options.Rooms.CloseTimeout, environment.Rooms.Time).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _telling);
        }
    }

    private void Report(HttpContext context, RefusalReason reason)
    {
        try
        {
            options.Connections.OnRefused?.Invoke(new KrmxRefusal { Reason = reason, Connection = ConnectionFacts.Of(context) });
        }
        catch (Exception error)
        {
            GatewayLog.RefusalHandlerFailed(environment.Rooms.Logger, route, error);
        }
    }
}

using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krmx.Connections;

/// <summary>Stands in for the request's upgrade, HTTP/1.1's or HTTP/2's, to put a <see cref="ConnectionStream"/> under the WebSocket.</summary>
internal sealed class UpgradeInterceptor : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly Socket? _socket;
    private readonly Func<Stream, Socket?, ConnectionStream> _wrap;

    private UpgradeInterceptor(HttpContext context, Func<Stream, Socket?, ConnectionStream> wrap)
    {
        _upgrade = context.Features.Get<IHttpUpgradeFeature>();
        _connect = context.Features.Get<IHttpExtendedConnectFeature>();
        _socket = PlainSocket.Of(context);
        _wrap = wrap;
    }

    /// <summary>The stream, once the request has been upgraded.</summary>
    public ConnectionStream? Stream { get; private set; }

    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => _connect?.IsExtendedConnect ?? false;

    public string? Protocol => _connect?.Protocol;

    public static void Install(HttpContext context, Func<Stream, Socket?, ConnectionStream> wrap)
    {
        var interceptor = new UpgradeInterceptor(context, wrap);
        context.Features.Set(interceptor);

        // An application that uses WebSockets elsewhere has prepared this request already, without the stream and the endpoint's origins.
        context.Features.Set<IHttpWebSocketFeature>(null);
        if (interceptor._upgrade is not null)
            context.Features.Set<IHttpUpgradeFeature>(interceptor);
        if (interceptor._connect is not null)
            context.Features.Set<IHttpExtendedConnectFeature>(interceptor);
    }

    public async Task<Stream> UpgradeAsync() => Stream = _wrap(await _upgrade!.UpgradeAsync().ConfigureAwait(false), _socket);

    public async ValueTask<Stream> AcceptAsync() => Stream = _wrap(await _connect!.AcceptAsync().ConfigureAwait(false), null);
}

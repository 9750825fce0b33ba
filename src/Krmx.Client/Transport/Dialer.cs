using System.Net.WebSockets;

namespace Krmx.Transport;

/// <summary>Opens a WebSocket, or throws.</summary>
internal delegate Task<WebSocket> Dialer(Uri uri, KrmxClientOptions options, CancellationToken cancellationToken);

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krmx.Connections;

/// <summary>
/// The request that a connection lives in. The framework uses a request's objects again for others, so nothing may touch them once it is
/// over, while the room's turns and the heartbeat may still be busy with the connection: they go through here.
/// </summary>
/// <remarks>
/// <see cref="HttpContext"/> is not for two threads at a time, not even to be read, and the framework's WebSocket aborts it from whichever
/// thread ends the socket. So what is needed of it here is taken from its features, past what it keeps of them itself.
/// </remarks>
internal sealed class ConnectionRequest(HttpContext context)
{
    private readonly Lock _gate = new();
    private readonly IHttpRequestLifetimeFeature _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    private HttpContext? _context = context;
    private KrmxConnectionInfo? _info;

    /// <summary>What is known of the request; copied when somebody asks, which only authentication does, or when it ends.</summary>
    public KrmxConnectionInfo Info
    {
        get
        {
            lock (_gate)
                return _info ??= ConnectionFacts.Of(_context!);
        }
    }

    /// <summary>Cancelled when the transport has ended.</summary>
    public CancellationToken Aborted
    {
        get
        {
            lock (_gate)
                return _context is null ? new CancellationToken(canceled: true) : _lifetime.RequestAborted;
        }
    }

    /// <summary>Ends the transport at once, if it has not ended.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            if (_context is not null)
                _lifetime.Abort();
        }
    }

    /// <summary>The request is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            // A link request may still wait for the room's turn.
            _info ??= ConnectionFacts.Of(_context!);
            _context = null;
        }
    }
}

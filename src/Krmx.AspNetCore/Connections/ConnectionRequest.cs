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
    private bool _isOver;

    /// <summary>Cancelled when the transport has ended.</summary>
    public CancellationToken Aborted
    {
        get
        {
            lock (_gate)
                return _isOver ? new CancellationToken(canceled: true) : _lifetime.RequestAborted;
        }
    }

    /// <summary>Ends the transport at once, if it has not ended.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            if (!_isOver)
                _lifetime.Abort();
        }
    }

    /// <summary>The request is over.</summary>
    public void End()
    {
        lock (_gate)
            _isOver = true;
    }
}

using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Krmx.Hosting;

/// <summary>The process's endpoints: started with the host, closed before it stops.</summary>
internal sealed class KrmxEndpoints(IServiceProvider services) : IHostedLifecycleService
{
    private readonly List<KrmxEndpoint> _endpoints = [];
    private bool _isStarted;

    /// <summary>The first port the server listens on; 0 where it has none, as a test server.</summary>
    public int Port
    {
        get
        {
            string? address = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            return address is null ? 0 : BindingAddress.Parse(address).Port;
        }
    }

    public void Add(KrmxEndpoint endpoint)
    {
        _endpoints.Add(endpoint);
        if (_isStarted)
            _ = endpoint.StartAsync();
    }

    /// <summary>Starts the endpoints; a route without rooms has its one room when this is done.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _isStarted = true;
        return Task.WhenAll(_endpoints.Select(static endpoint => endpoint.StartAsync()));
    }

    /// <summary>Closes every room, in bounded time; what was closed before is not closed again.</summary>
    /// <param name="code">What connections are told.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public Task CloseAsync(CloseCode code, CancellationToken cancellationToken) =>
        Task.WhenAll(_endpoints.Select(endpoint => endpoint.CloseAsync(code, cancellationToken)));

    /// <summary>Before anything else stops, so that clients hear of the end while their sockets are still served.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => CloseAsync(CloseCode.ServiceRestart, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (KrmxEndpoint endpoint in _endpoints)
            await endpoint.DisposeAsync().ConfigureAwait(false);
    }
}

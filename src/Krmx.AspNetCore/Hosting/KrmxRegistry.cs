using Krmx.Diagnostics;
using Krmx.Rooms;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Krmx.Hosting;

/// <summary>The process's endpoints: started with the host, closed before it stops.</summary>
internal sealed class KrmxRegistry(IServiceProvider services, KrmxMetrics metrics, ILoggerFactory loggers) : IHostedLifecycleService
{
    private readonly List<KrmxEndpoint> _endpoints = [];
    private bool _isStarted;

    public RoomEnvironment Environment { get; } =
        new(new SafeLogger(loggers.CreateLogger("Krmx")), metrics, services.GetService<TimeProvider>() ?? TimeProvider.System);

    public IEnumerable<KrmxRoom> Rooms => _endpoints.SelectMany(endpoint => endpoint.Rooms);

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
            endpoint.Start(Port);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _isStarted = true;
        foreach (KrmxEndpoint endpoint in _endpoints)
            endpoint.Start(Port);
        return Task.CompletedTask;
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

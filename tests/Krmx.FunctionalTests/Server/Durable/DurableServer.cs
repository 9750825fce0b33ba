using System.Net;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Server.Durable;

/// <summary>An application whose rooms outlive it: it is stopped and started again on the same port, over the same store.</summary>
/// <param name="store">Adds the store; null where the rooms have none.</param>
/// <param name="configure">Sets up a room of <c>/rooms/{room}</c>.</param>
/// <param name="options">Changes the options.</param>
internal sealed class DurableServer(
    Action<IKrmxBuilder>? store, Action<KrmxRoom> configure, Action<KrmxOptions>? options = null) : IAsyncDisposable
{
    private WebApplication? _app;

    public CapturedLogs Logs { get; } = new();

    public int Port { get; private set; }

    public Uri Uri(string room = "one") => new($"ws://127.0.0.1:{Port}/rooms/{room}");

    public KrmxRooms Rooms => _app!.Services.GetRequiredService<KrmxRooms>();

    public IServiceProvider Services => _app!.Services;

    public async Task<DurableServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning).AddProvider(Logs);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port));
        IKrmxBuilder krmx = builder.Services.AddKrmx();
        store?.Invoke(krmx);
        _app = builder.Build();
        _app.MapKrmx("/rooms/{room}", configure, options);
        await _app.StartAsync().Soon();
        Port = new Uri(_app.Urls.First()).Port;
        return this;
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _app.StopAsync().Soon();
        await _app.DisposeAsync().AsTask().Soon();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}

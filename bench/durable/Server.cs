using Krmx.State;
using Krmx.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krmx.DurableBench;

/// <summary>An application with rooms, each of which has a number that counts.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Server(WebApplication app) => _app = app;

    public IRoomStore Store => _app.Services.GetRequiredService<IRoomStore>();

    public KrmxRooms Rooms => _app.Services.GetRequiredService<KrmxRooms>();

    public static async Task<Server> StartAsync(Action<IKrmxBuilder>? store, KrmxDurability durability, Action<KrmxRoom>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        IKrmxBuilder krmx = builder.Services.AddKrmx();
        store?.Invoke(krmx);
        WebApplication app = builder.Build();
        app.MapKrmx("/rooms/{room}", configure ?? (static room => room.AddValue("count", 0)), options =>
        {
            options.Rooms.Max = 200_000;
            options.Storage.Durability = durability;
        });
        await app.StartAsync();
        return new Server(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

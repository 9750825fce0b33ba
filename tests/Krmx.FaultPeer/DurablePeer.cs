using Krmx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Krmx.FaultPeer;

/// <summary>A durable room with a <see cref="Ledger"/> for each path <c>/rooms/NAME</c>, whose content is at <c>/ledgers/NAME</c>.</summary>
internal static class DurablePeer
{
    public static async Task RunAsync(int port, string store, string connection)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        IKrmxBuilder krmx = builder.Services.AddKrmx();
        _ = store == "sqlite" ? krmx.UseSqlite(connection) : krmx.UsePostgreSql(connection);
        WebApplication app = builder.Build();
        app.MapKrmx("/rooms/{room}", Ledger.SetUp);
        app.MapGet("/ledgers/{name}", async (string name, KrmxRooms rooms) => Results.Json(await Ledger.CloseAsync(await rooms.CreateAsync(name))));
        await app.StartAsync();
        Console.WriteLine($"listening {new Uri(app.Urls.First()).Port}");
        await app.WaitForShutdownAsync();
        Console.WriteLine("closed");
    }
}

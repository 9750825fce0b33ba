using System.Diagnostics;
using System.Net.Sockets;
using Krmx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Krmx.FaultPeer;

/// <summary>A room at <c>/krmx</c> that relays what its users say, as an ordinary ASP.NET Core program.</summary>
internal static class ServerPeer
{
    public static async Task RunAsync(int port, int maxQueuedBytes, TimeSpan ping)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");

        // The kernel would take megabytes for a peer that does not read, and tests of the cap would wait for that.
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            options.CreateBoundListenSocket = endpoint =>
            {
                Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                socket.SendBufferSize = 64 * 1024;
                return socket;
            };

            // Thousands come at once, and what waits beyond this the kernel puts off or resets.
            options.Backlog = 4096;
        });
        builder.Services.AddKrmx();
        WebApplication app = builder.Build();
        KrmxRoom? room = null;
        app.MapKrmx("/krmx", newRoom =>
        {
            room = newRoom;
            room.OnMessage((user, message) => room.Broadcast(message));
        }, options =>
        {
            options.Connections.MaxQueuedBytes = maxQueuedBytes;
            options.Pings.Interval = options.Pings.Timeout = ping;
        });
        app.MapGet("/stats", async (HttpContext context) => await context.Response.WriteAsync(await StatsAsync(room!)));
        await app.StartAsync();
        Console.WriteLine($"listening {new Uri(app.Urls.First()).Port}");
        await app.WaitForShutdownAsync();
        Console.WriteLine("closed");
    }

    /// <summary>Open files, threads, managed bytes after a collection, resident bytes, connections, linked users.</summary>
    private static async Task<string> StatsAsync(KrmxRoom room)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process self = Process.GetCurrentProcess();
        (int connections, int linked) = await room.InvokeAsync(() => (room.ConnectionCount, room.LinkedCount));
        int files = Directory.EnumerateFiles("/proc/self/fd").Count();
        return $"{files} {self.Threads.Count} {GC.GetTotalMemory(forceFullCollection: false)} {self.WorkingSet64} {connections} {linked}";
    }
}

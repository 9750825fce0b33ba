using Krmx.Cli.Terminal;
using Krmx.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Krmx.Cli.Serve;

/// <summary>A server whose application relays.</summary>
internal static class Relay
{
    private const string AtomSet = "atom/set";

    /// <summary>Serves until it is stopped, and closes.</summary>
    /// <exception cref="IOException">It cannot listen there.</exception>
    /// <exception cref="RoomStoreException">It cannot open the file that rooms are kept in.</exception>
    public static async Task RunAsync(RelayOptions options, CancellationToken stop)
    {
        using var output = new LineWriter();
        await using WebApplication app = Build(options, output);
        // Who has named a wrong file is told at once, not when somebody comes.
        if (app.Services.GetService<IRoomStore>() is IRoomStore store)
            await store.NextAlarmAsync(options.Route, CancellationToken.None);
        await app.StartAsync(CancellationToken.None);
        string address = app.Urls.First()["http".Length..].Replace("[::]", "localhost", StringComparison.Ordinal);
        output.Write($"Relaying at ws{address}{options.Route} – Ctrl-C ends it.");
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            output.Write("Closing.");
        }
        await app.StopAsync(CancellationToken.None);
    }

    private static WebApplication Build(RelayOptions options, LineWriter output)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Url);
        builder.Logging.ClearProviders()
            .AddSimpleConsole(format => format.SingleLine = true)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Krmx", options.IsVerbose ? LogLevel.Debug : LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // Rooms would wait for who does not read standard error.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        IKrmxBuilder krmx = builder.Services.AddKrmx();
        if (options.Store is not null)
            krmx.UseSqlite(StoreFile.ConnectionString(options.Store));
        WebApplication app = builder.Build();

        // A load test is one of the things it is for.
        app.MapKrmx(options.Route, room => Configure(room, options, output), limits =>
        {
            limits.Messages.MaxPerSecond = 0;
            limits.Users.Max = 100_000;
        });
        return app;
    }

    private static void Configure(KrmxRoom room, RelayOptions options, LineWriter output)
    {
        new RelayLog(room, output, options.IsVerbose).Attach();
        room.AddAtoms();
        room.OnMessage((user, message) =>
        {
            if (message.Type == AtomSet)
                return;
            if (options.IncludesSender)
                room.Broadcast(message);
            else
                room.BroadcastExcept(user.Name, message);
        });
    }
}

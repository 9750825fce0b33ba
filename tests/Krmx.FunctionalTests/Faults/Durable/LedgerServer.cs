using System.Diagnostics.Metrics;
using Krmx.FaultPeer;
using Krmx.FunctionalTests.Server.Durable;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A server of ledgers in this process, whose logs, metrics and health a test looks at.</summary>
internal sealed class LedgerServer : IAsyncDisposable
{
    // What StorageLog and RoomLog call what a test waits for.
    public const int RoomFailed = 12, StoreFails = 30, StoreWorks = 31, RoomLost = 32, TendingFailed = 33;

    private readonly DurableServer _server;
    private MetricsProbe _metrics = null!;

    /// <param name="store">Adds the store.</param>
    /// <param name="options">Changes the options.</param>
    public LedgerServer(Action<IKrmxBuilder> store, Action<KrmxOptions>? options = null) => _server = new DurableServer(
        builder =>
        {
            store(builder);
            builder.Services.AddHealthChecks().AddKrmx();
            builder.Services.AddLogging(static logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        },
        Ledger.SetUp,
        options);

    public CapturedLogs Logs => _server.Logs;

    public MetricsProbe Metrics => _metrics;

    public int Port => _server.Port;

    public KrmxRooms Rooms => _server.Rooms;

    public IServiceProvider Services => _server.Services;

    public Uri UriOf(string room) => _server.Uri(room);

    public async Task<LedgerServer> StartAsync()
    {
        await _server.StartAsync();
        _metrics = new MetricsProbe(Services.GetRequiredService<IMeterFactory>());
        return this;
    }

    public async Task StopAsync()
    {
        await _server.StopAsync();
        _metrics.Dispose();
    }

    public async Task<LedgerContent> ReadAsync(string room) => await Ledger.CloseAsync(await Rooms.CreateAsync(room).Soon()).Soon();

    public async Task<HealthReportEntry> HealthAsync() => (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Soon()).Entries["krmx"];

    /// <summary>Waits until so many commits have failed.</summary>
    public Task FailAsync(int commits) => Patience.Until(
        () => Metrics.Total("krmx.store.failures") >= commits, () => $"{commits} commits have failed; {Metrics.Total("krmx.store.failures")} have");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _metrics?.Dispose();
    }
}

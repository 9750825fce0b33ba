using Krmx.Load;
using Krmx.Load.Loads;
using Krmx.PeersBench.Measures;

namespace Krmx.PeersBench;

/// <summary>A server with its clients, that is given the load when it is its turn, and else rests.</summary>
internal sealed class LoadedPeer : IAsyncDisposable
{
    /// <summary>How long it runs in each turn before it is measured: threads that slept, and caches that others used.</summary>
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly LoadMeasure _measure;
    private readonly ILoad _load;
    private readonly Fleet _fleet;

    private LoadedPeer(Peer peer, LoadMeasure measure, PeerServer server)
    {
        (Peer, _measure, Server) = (peer, measure, server);
        _load = measure.CreateLoad(peer.Wire);
        _fleet = new Fleet(server.Address, peer.Wire, measure.Clients, _load.Handle, tls: server.Tls);
    }

    public Peer Peer { get; }

    public PeerServer Server { get; }

    /// <summary>Starts a server, connects its clients, and lets the load run until the server is as fast as it will be.</summary>
    public static async Task<LoadedPeer> StartAsync(Peer peer, LoadMeasure measure, Certificate certificate)
    {
        var loaded = new LoadedPeer(peer, measure, await PeerServer.StartAsync(peer, measure.IsEncrypted ? certificate : null));
        try
        {
            await loaded._fleet.ConnectAsync();
            await loaded._fleet.GetReadyAsync();
            await loaded.RunAsync(async () =>
            {
                IReadOnlyList<double> looks = await SteadyState.WaitAsync(loaded._fleet, loaded.Server.Probe, peer.WarmUp);
                Console.Error.WriteLine($"  deliveries per CPU second, every {SteadyState.Look.TotalSeconds} s: {string.Join(", ", looks.Select(look => $"{look / 1000:N0}k"))}");
            });
            return loaded;
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives it the load for a while.</summary>
    /// <returns>A value for each figure.</returns>
    public async Task<double[]> TakeAsync(TimeSpan duration)
    {
        LoadResult? result = null;
        await RunAsync(async () => result = await Measurement.TakeAsync(_fleet, _load.Latencies, LeadIn, duration, Server.Probe));
        return _measure.FiguresOf(result!);
    }

    public async ValueTask DisposeAsync()
    {
        _fleet.Dispose();
        await Server.DisposeAsync();
    }

    private async Task RunAsync(Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        Task sending = _load.RunAsync(_fleet.Clients, stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await sending;

        // What is under way arrives.
        long count;
        do
        {
            count = _fleet.Count;
            await _fleet.WaitAsync(Task.Delay(Look));
        }
        while (count != _fleet.Count);
    }
}

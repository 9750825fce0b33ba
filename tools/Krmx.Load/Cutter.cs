using System.Diagnostics;
using Krmx.Load.Connections;

namespace Krmx.Load;

/// <summary>Cuts the connections of clients that have sessions, one after the other and evenly over the time, and has them come back at once.</summary>
/// <param name="fleet">The clients, which are ready.</param>
/// <param name="period">After what time each is cut again.</param>
internal sealed class Cutter(Fleet fleet, TimeSpan period)
{
    /// <summary>How many are away at most. Where the server cannot keep up, clients are cut less often.</summary>
    private const int MostAway = 16;

    private long _cut;
    private long _recovered;
    private long _anew;

    /// <summary>How many connections were cut.</summary>
    public long Cut => _cut;

    /// <summary>How many of the clients went on where they were cut.</summary>
    public long Recovered => _recovered;

    /// <summary>How many began anew.</summary>
    public long Anew => _anew;

    /// <summary>How long clients were away, from the cut until the server had let them in.</summary>
    public Latencies Away { get; } = new();

    /// <summary>Cuts until it is stopped, and waits until all have come back.</summary>
    /// <exception cref="LoadException">A client could not come back.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        IReadOnlyList<LoadClient> clients = fleet.Clients;
        var returns = new Task[clients.Count];
        Array.Fill(returns, Task.CompletedTask);
        using var places = new SemaphoreSlim(MostAway);
        long began = Stopwatch.GetTimestamp();
        try
        {
            for (long i = 0; !fleet.Failed.IsCompleted; i++)
            {
                (long round, long client) = Math.DivRem(i, clients.Count);
                TimeSpan early = (period * ((i + 1.0) / clients.Count)) - Stopwatch.GetElapsedTime(began);
                if (early > TimeSpan.Zero)
                    await Task.Delay(early, stop).ConfigureAwait(false);
                await places.WaitAsync(stop).ConfigureAwait(false);
                returns[client] = CutAsync(returns[client], clients[(int)client], isReset: (round + client) % 2 == 0, places);
            }
        }
        catch (OperationCanceledException)
        {
            // Those who are away come back.
        }
        await Task.WhenAll(returns).ConfigureAwait(false);
    }

    private async Task CutAsync(Task before, LoadClient client, bool isReset, SemaphoreSlim places)
    {
        try
        {
            await before.ConfigureAwait(false);
            await fleet.CutAsync(client, isReset).ConfigureAwait(false);
            Interlocked.Increment(ref _cut);
            await fleet.ReturnAsync(client).ConfigureAwait(false);
            Interlocked.Increment(ref client.IsRecovered ? ref _recovered : ref _anew);
            Away.Record(client.TicksAway);
        }
        finally
        {
            places.Release();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Processes;

/// <summary>Clients with the default options of which the server goes away and comes back.</summary>
internal sealed class ReturningClients : IAsyncDisposable
{
    private readonly KrmxClient[] _clients;
    private readonly ConcurrentDictionary<KrmxClient, string> _closes = [];
    private readonly ConcurrentQueue<long> _connects = [];
    private int _linked;

    private ReturningClients(int count) => _clients = [.. Enumerable.Range(0, count).Select(_ => new KrmxClient())];

    public int Count => _clients.Length;

    /// <summary>How often one of them was linked since.</summary>
    public int LinkedAgain => Volatile.Read(ref _linked);

    /// <summary>How the last connections were closed, each way once.</summary>
    public string[] Closes => [.. _closes.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <param name="count">How many.</param>
    /// <param name="server">Where they link.</param>
    /// <param name="heard">Called with each of the application's messages.</param>
    public static async Task<ReturningClients> LinkAsync(int count, Uri server, Action? heard = null)
    {
        var clients = new ReturningClients(count);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancel) =>
        {
            KrmxClient client = clients._clients[i];
            client.OnMessage(_ => heard?.Invoke());
            await client.ConnectAsync(server, cancel);
            await client.LinkAsync($"user{i}", cancellationToken: cancel);
        });
        return clients.Listen();
    }

    /// <summary>Waits until each has been linked once more; to be called when there is a server again.</summary>
    public async Task<Return> ComeBackAsync()
    {
        long began = Stopwatch.GetTimestamp();
        await Patience.Until(
            () => LinkedAgain >= Count && _clients.All(client => client.Status == ClientStatus.Linked),
            () => $"all are linked again; {_clients.Count(client => client.Status == ClientStatus.Linked)} of {Count} are");
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        int peak = _connects.GroupBy(at => at / (Stopwatch.Frequency / 10)).Max(tenth => tenth.Count());
        return new Return(time, peak);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));

    private ReturningClients Listen()
    {
        foreach (KrmxClient client in _clients)
        {
            client.OnConnect(() => _connects.Enqueue(Stopwatch.GetTimestamp()));
            client.OnClose(() => _closes[client] = CodeOf(client.LastClose));
            client.OnStatus(status =>
            {
                if (status == ClientStatus.Linked)
                    Interlocked.Increment(ref _linked);
            });
        }
        return this;
    }

    private static string CodeOf(KrmxClose? close) =>
        close?.Status is { } status ? ((int)status).ToString(CultureInfo.InvariantCulture) : "nothing";
}

/// <summary>How clients came back: when all were linked again since there was a server, and the most connections in a tenth of a second.</summary>
internal readonly record struct Return(TimeSpan Time, int PeakConnects)
{
    public override string ToString() => $"all linked again {Time.TotalSeconds:F2} s after there was a server, at most {PeakConnects} connections in 100 ms";
}

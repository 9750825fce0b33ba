using System.Net;
using System.Net.Security;
using Krmx.Load.Connections;

namespace Krmx.Load;

/// <summary>The clients of a load.</summary>
internal sealed class Fleet : IDisposable
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(15);

    private readonly DnsEndPoint _server;
    private readonly TimeSpan _patience;
    private readonly LoadClient[] _clients;
    private readonly ReadLoop _reading = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <param name="server">Where the server listens.</param>
    /// <param name="wire">What is spoken.</param>
    /// <param name="count">How many clients.</param>
    /// <param name="handler">Given every text frame of a client that was let in.</param>
    /// <param name="first">The number of the first client.</param>
    /// <param name="patience">How long the server may take over a connection, and over making its client ready. Default: 15 seconds.</param>
    /// <param name="tls">How it goes over TLS. Default: it does not.</param>
    /// <exception cref="LoadException">The system gives no more sockets.</exception>
    public Fleet(DnsEndPoint server, IWire wire, int count, FrameHandler handler, int first = 0, TimeSpan? patience = null, SslClientAuthenticationOptions? tls = null)
    {
        _server = server;
        _patience = patience ?? DefaultPatience;
        _clients = [.. Enumerable.Range(first, count).Select(number => new LoadClient(number, wire, tls, handler))];
    }

    public IReadOnlyList<LoadClient> Clients => _clients;

    /// <summary>How many clients are connected, or ready, so far in what is under way.</summary>
    public int Progress => Volatile.Read(ref _count);

    /// <summary>Fails when a client is lost; never completes otherwise.</summary>
    public Task Failed => _failed.Task;

    /// <summary>What the clients have counted together.</summary>
    public long Count => _clients.Sum(client => client.Count);

    /// <summary>Connects all clients.</summary>
    /// <param name="perSecond">How many in a second; 0 for as fast as it goes.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public Task ConnectAsync(int perSecond = 0, CancellationToken cancellation = default) =>
        ForEachAsync(
            async client =>
            {
                await ConnectAsync(client, cancellation).ConfigureAwait(false);
                _ = WatchAsync(client.Lost);
            },
            perSecond,
            cancellation);

    /// <summary>Waits until every client is ready, a few at a time.</summary>
    public Task GetReadyAsync(CancellationToken cancellation = default) =>
        ForEachAsync(client => GetReadyAsync(client, cancellation), 0, cancellation);

    /// <summary>Cuts the connection of a client that is ready.</summary>
    /// <param name="client">The client.</param>
    /// <param name="isReset">Whether the server is sent a reset; else the end of the stream.</param>
    /// <exception cref="LoadException">The client was lost before.</exception>
    public Task CutAsync(LoadClient client, bool isReset) => _reading.CutAsync(client, isReset);

    /// <summary>Has a client that was cut come back on another connection, until it is ready.</summary>
    /// <exception cref="LoadException">It is not let in; the fleet has failed then.</exception>
    public async Task ReturnAsync(LoadClient client)
    {
        try
        {
            await ConnectAsync(client, CancellationToken.None).ConfigureAwait(false);
            await GetReadyAsync(client, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LoadException error)
        {
            _failed.TrySetException(error);
            throw;
        }
    }

    /// <summary>Waits, but fails as soon as a client is lost.</summary>
    public async Task WaitAsync(Task task) => await (await Task.WhenAny(task, Failed).ConfigureAwait(false)).ConfigureAwait(false);

    public void Dispose()
    {
        foreach (LoadClient client in _clients)
            client.Dispose();
        _reading.Dispose();
        _ = _failed.Task.Exception;
    }

    private async Task ConnectAsync(LoadClient client, CancellationToken cancellation)
    {
        await BoundAsync(Task.Run(() => client.Connect(_server), cancellation), client, "answer", cancellation).ConfigureAwait(false);
        _reading.Watch(client);
    }

    private Task GetReadyAsync(LoadClient client, CancellationToken cancellation) =>
        BoundAsync(client.GetReadyAsync(cancellation), client, "let in", cancellation);

    private async Task ForEachAsync(Func<LoadClient, Task> action, int perSecond, CancellationToken cancellation)
    {
        const int AtOnce = 16;
        Volatile.Write(ref _count, 0);
        TimeSpan pause = perSecond > 0 ? TimeSpan.FromSeconds(1.0 / perSecond) : TimeSpan.Zero;
        var options = new ParallelOptions { MaxDegreeOfParallelism = perSecond > 0 ? 1 : AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_clients, options, async (client, _) =>
        {
            await action(client).ConfigureAwait(false);
            Interlocked.Increment(ref _count);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task BoundAsync(Task work, LoadClient client, string what, CancellationToken cancellation)
    {
        try
        {
            await work.WaitAsync(_patience, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new LoadException($"the server did not {what} client {client.Number} within {_patience.TotalSeconds} s", error);
        }
    }

    private async Task WatchAsync(Task lost)
    {
        try
        {
            await lost.ConfigureAwait(false);
        }
        catch (LoadException error)
        {
            _failed.TrySetException(error);
        }
    }
}

using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Checking;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Faults.Recording;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A recorded room over real sockets, with clients that reach it directly or through a proxy with faults.</summary>
internal class FaultRoom(ServerRecorder recorder, Uri uri, FaultProxy proxy, KrmxClientOptions options) : IAsyncDisposable
{
    // A client whose own process stands still takes the server for dead; that would be no fault of the server's.
    private readonly KrmxClientOptions _healthyOptions = new(options) { KeepAlive = { Timeout = Patience.Limit } };
    private readonly List<RecordedClient> _clients = [];
    private readonly List<RecordedWire> _wires = [];
    private int _wireCount;

    public ServerRecorder Recorder { get; } = recorder;

    public FaultProxy Proxy { get; } = proxy;

    public Uri Uri { get; } = uri;

    private History History => Recorder.History;

    /// <summary>Links clients that nothing is done to, directly, and others through the proxy.</summary>
    public async Task LinkAsync(int healthy, int faulty, int talkativeness = 2)
    {
        var linking = new List<Task>();
        for (int i = 0; i < healthy + faulty; i++)
        {
            bool isHealthy = i < healthy;
            var client = new RecordedClient(
                History, $"{(isHealthy ? "healthy" : "faulty")}{i}", isHealthy: isHealthy, options: isHealthy ? _healthyOptions : options)
            { Talkativeness = talkativeness };
            _clients.Add(client);
            linking.Add(client.LinkAsync(isHealthy ? Uri : new UriBuilder(Uri) { Port = Proxy.Uri.Port }.Uri));
        }
        await Task.WhenAll(linking);
    }

    public async Task<RecordedWire> OpenAsync()
    {
        RecordedWire wire = await RecordedWire.ConnectAsync(
            History, Uri.Port, $"wire{Interlocked.Increment(ref _wireCount)}", Uri.AbsolutePath);
        lock (_wires)
            _wires.Add(wire);
        return wire;
    }

    /// <summary>Sends a message to everybody, and waits for those whom nothing is done to.</summary>
    public async Task TickAsync(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            long number = await Recorder.Room.InvokeAsync(() => Recorder.Broadcast(link: ServerRecorder.Tick));
            foreach (RecordedClient client in _clients.Where(client => client.IsHealthy))
                await Patience.Until(() => client.LastHeard >= number, $"{client.Name} heard {number}");
        }
    }

    /// <summary>Waits until there have been as many links.</summary>
    public Task UntilLinksAsync(long links) => Patience.Until(() => Recorder.Links >= links, () => $"{links} links; there were {Recorder.Links}");

    /// <summary>Ends the faults, and waits until everybody who comes back is linked.</summary>
    public async Task HealAsync()
    {
        Proxy.Heal();
        foreach (RecordedClient client in _clients)
            await Patience.Until(() => client.IsLinked, () => $"{client.Name} is linked again; it is {client.Client.Status} after {client.LastSights}");
    }

    /// <summary>Ends the faults, waits until nothing is under way any more, and judges what was.</summary>
    /// <returns>What it was, for the test's output.</returns>
    public async Task<string> JudgeAsync()
    {
        long links;
        do
        {
            await HealAsync();
            links = Recorder.Links;
            long quiet = await Recorder.Room.InvokeAsync(() => Recorder.Broadcast(link: ServerRecorder.Quiet));
            foreach (RecordedClient client in _clients)
                await Patience.Until(() => !client.IsLinked || (client.LastHeard >= quiet && HasBeenHandled(client)), $"all of {client.Name} was handled");
            long last = await Recorder.Room.InvokeAsync(() => Recorder.Broadcast());
            foreach (RecordedClient client in _clients)
                await Patience.Until(() => !client.IsLinked || client.LastHeard >= last, $"{client.Name} heard the last message");
            foreach (RecordedWire wire in _wires)
                await Patience.Until(() => wire.Username is null || wire.LastHeard >= last, "a wire heard the last message");
        }
        while (links != Recorder.Links || _clients.Exists(client => !client.IsLinked));

        _clients.ForEach(client => client.Rest());
        _wires.Where(wire => !wire.Ended.IsCompleted).ToList().ForEach(wire => wire.Rest());
        History.UsersAtRest = await Recorder.Room.InvokeAsync(
            () => Recorder.Room.Users.Select(user => new ClientUser(user.Name, user.IsLinked)).ToArray());
        Assert.Empty(HistoryChecker.Check(History));
        return $"{History.Server.Count:N0} events of the server, {EventsOfClients:N0} of {History.Clients.Count} clients, {Recorder.Links} links, 0 violations";
    }

    /// <summary>How much its clients saw.</summary>
    public long EventsOfClients => History.Clients.Sum(client => (long)client.Entries.Count);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (RecordedClient client in _clients)
            await client.DisposeAsync();
        foreach (RecordedWire wire in _wires)
            await wire.DisposeAsync();
        Assert.Empty(History.Incidents);
    }

    private bool HasBeenHandled(RecordedClient client)
    {
        (long link, long said) = client.Sent;
        return Recorder.HandledIn(link) == said;
    }
}

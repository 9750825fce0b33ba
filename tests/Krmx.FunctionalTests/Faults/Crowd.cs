using System.Collections.Concurrent;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Faults.Recording;
using Krmx.FunctionalTests.Server.Harness;
using Krmx.FunctionalTests.Server.Scale;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Faults;

/// <summary>A thousand rooms of one server that lives on while they come and go, and every fault of a network at once to most of their clients.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Rooms = 1000, Healthy = 1, Faulty = 2;

    /// <summary>On a machine that is busy with thousands of clients, an answer takes seconds.</summary>
    private static readonly KrmxClientOptions Patient = new()
    {
        Reconnect = { MinDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(2) },
        KeepAlive = { Interval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(15) },
        Timeouts = { Connect = TimeSpan.FromSeconds(15), Close = TimeSpan.FromSeconds(5) },
    };

    private static readonly ParallelOptions AFewAtATime = new() { MaxDegreeOfParallelism = 32 };

    private readonly ConcurrentDictionary<string, ServerRecorder> _recorders = [];
    private readonly TestServer _server;
    private FaultProxy _proxy = null!;
    private long _names;

    private Crowd() => _server = new TestServer
    {
        // An hour's log of lost connections would look like a leak.
        Build = builder => builder.Logging.SetMinimumLevel(LogLevel.Error),
        Map = app =>
        {
            foreach (LinkConflict conflict in Enum.GetValues<LinkConflict>())
                app.MapKrmx($"/{conflict}/{{room}}", room => _recorders[room.Name].Attach(room), options => Configure(options, conflict));
        },
    };

    public static async Task<Crowd> StartAsync()
    {
        OpenFiles.Demand((Rooms * ((2 * Healthy) + (4 * Faulty))) + 1000);
        var crowd = new Crowd();
        await crowd._server.StartAsync();
        crowd._proxy = new FaultProxy(crowd.UriOf(""));
        return crowd;
    }

    /// <summary>Fills new rooms, does everything to them in random order, and judges what each saw.</summary>
    /// <returns>What it was, for the test's output.</returns>
    public async Task<string> SufferAsync(Random random)
    {
        FaultRoom[] rooms = [.. Enumerable.Range(0, Rooms).Select(NewRoom)];
        await AllAsync(rooms, room => room.LinkAsync(Healthy, Faulty));
        Action[] faults = Faults(random);
        random.Shuffle(faults);
        foreach (Action fault in faults)
        {
            fault();
            await AllAsync(rooms, room => room.TickAsync(2));
        }
        await AllAsync(rooms, room => room.JudgeAsync());
        long links = rooms.Sum(room => room.Recorder.Links), events = rooms.Sum(room => room.EventsOfClients);
        await AllAsync(rooms, async room => await room.DisposeAsync());
        _recorders.Clear();
        _proxy.Cut(); // it does not notice by itself when the one side ends of those that it cut from the other
        await _server.Metrics.WaitFor("krmx.rooms", 0);
        return $"{Rooms} rooms, {links} links, {events:N0} events of {Rooms * (Healthy + Faulty)} clients, 0 violations";
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    private Action[] Faults(Random random) => RandomFaults.Of(_proxy, () => new ProxyFaults { CutAfter = random.Next(150, 4000) });

    private static void Configure(KrmxOptions options, LinkConflict conflict)
    {
        options.Links.Conflict = conflict;
        options.Pings.Interval = Patient.KeepAlive.Interval;
        options.Pings.Timeout = Patient.KeepAlive.Timeout;
        options.Messages.MaxLinksPerSecond = 1000; // the clients try again more hastily than others do
        options.Rooms.IdleTimeout = TimeSpan.FromSeconds(1);
    }

    private FaultRoom NewRoom(int index)
    {
        string name = $"{++_names}";
        var recorder = new ServerRecorder(new History());
        _recorders[name] = recorder;
        var conflict = (LinkConflict)(index % Enum.GetValues<LinkConflict>().Length);
        return new FaultRoom(recorder, UriOf($"{conflict}/{name}"), _proxy, Patient);
    }

    private Uri UriOf(string path) => new($"ws://127.0.0.1:{_server.Port}/{path}");

    private static Task AllAsync(FaultRoom[] rooms, Func<FaultRoom, Task> act) =>
        Parallel.ForEachAsync(rooms, AFewAtATime, async (room, _) => await act(room));
}

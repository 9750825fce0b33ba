namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>What happened in one room, as its server and its clients saw it.</summary>
internal sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<ClientLog> _clients = [];
    private readonly List<string> _incidents = [];
    private readonly List<Sample> _samples = [];

    /// <summary>What the application saw and did, in the order of the room's turns.</summary>
    public List<ServerEntry> Server { get; init; } = [];

    /// <summary>The users' lives as a second listener saw them.</summary>
    public List<(Deed Deed, string User)> Lives { get; init; } = [];

    /// <summary>The server's users when everything had come to rest.</summary>
    public IReadOnlyList<ClientUser> UsersAtRest { get; set; } = [];

    public IReadOnlyList<ClientLog> Clients
    {
        get
        {
            lock (_gate)
                return [.. _clients];
        }
    }

    /// <summary>What must not happen at all: errors in logs, processes that died, tasks that never completed.</summary>
    public IReadOnlyList<string> Incidents
    {
        get
        {
            lock (_gate)
                return [.. _incidents];
        }
    }

    public IReadOnlyList<Sample> Samples
    {
        get
        {
            lock (_gate)
                return [.. _samples];
        }
    }

    public ClientLog Add(ClientLog log)
    {
        lock (_gate)
            _clients.Add(log);
        return log;
    }

    public void Incident(string what)
    {
        lock (_gate)
            _incidents.Add(what);
    }

    /// <summary>Notes something measured that has a bound.</summary>
    public void Measure(string what, double value, double most)
    {
        lock (_gate)
            _samples.Add(new Sample(what, value, most));
    }
}

/// <summary>Something measured, and the most it may be.</summary>
internal readonly record struct Sample(string What, double Value, double Most);

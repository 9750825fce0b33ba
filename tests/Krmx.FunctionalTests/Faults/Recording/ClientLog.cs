namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>What one client saw and did, in order.</summary>
internal sealed class ClientLog(string name)
{
    private readonly Lock _gate = new();
    private readonly List<ClientEntry> _entries = [];

    public string Name { get; } = name;

    /// <summary>Whether no fault touches it, so that nothing of the others' may either.</summary>
    public bool IsHealthy { get; init; }

    /// <summary>Whether it comes back by itself, and so must be linked at rest.</summary>
    public bool Retries { get; init; }

    /// <summary>How it was when everything had come to rest; null for one that is no more.</summary>
    public ClientRest? Rest { get; set; }

    public IReadOnlyList<ClientEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public void Add(Sight sight, string? user = null, long number = 0)
    {
        lock (_gate)
            _entries.Add(new ClientEntry(sight, user, number));
    }
}

/// <summary>A client at rest.</summary>
/// <param name="Username">The user it is linked to; null for none.</param>
/// <param name="Users">The users it knows of.</param>
internal sealed record ClientRest(string? Username, IReadOnlyList<ClientUser> Users);

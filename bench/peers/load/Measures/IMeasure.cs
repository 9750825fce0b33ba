namespace Krmx.PeersBench.Measures;

/// <summary>Something that is measured of peers.</summary>
internal interface IMeasure
{
    /// <summary>How the command line names it.</summary>
    string Name { get; }

    /// <summary>What it is, for a heading of the results.</summary>
    string Title { get; }

    /// <summary>The names of the figures, each with its unit; the first is the one that peers are compared by.</summary>
    IReadOnlyList<string> Figures { get; }

    /// <summary>Whether the first figure is the better the larger it is.</summary>
    bool IsMoreBetter { get; }

    /// <summary>What is demanded of our server: a peer, and how many times as good as it ours must be; 0 for no such demand.</summary>
    IReadOnlyList<(string Peer, double Factor)> Targets { get; }

    bool AppliesTo(Peer peer);
}

/// <summary>Is taken once, of a server that was just started and that nobody else uses: it repeats to within a few percent.</summary>
internal interface IMeasureOfOnce : IMeasure
{
    /// <returns>A value for each figure.</returns>
    Task<double[]> TakeAsync(Peer peer, PeerServer server);
}

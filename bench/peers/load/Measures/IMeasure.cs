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

    /// <summary>What is demanded of our server, beside one peer and another.</summary>
    IReadOnlyList<Target> Targets { get; }

    bool AppliesTo(Peer peer);
}

/// <summary>Is taken of a server that was just started and that nobody else uses, and of one after the other: it repeats to within a few percent.</summary>
internal interface IMeasureOfOne : IMeasure
{
    /// <returns>A value for each figure, for each time it was taken.</returns>
    Task<IReadOnlyList<double[]>> TakeAsync(Peer peer, PeerServer server);
}

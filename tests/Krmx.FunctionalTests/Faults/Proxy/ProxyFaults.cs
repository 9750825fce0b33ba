namespace Krmx.FunctionalTests.Faults.Proxy;

/// <summary>What a proxy does to the bytes of its connections, in both directions.</summary>
internal sealed record ProxyFaults
{
    public static ProxyFaults None { get; } = new();

    /// <summary>How long each piece is held back.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to how much longer, at random.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The most bytes that are written at once.</summary>
    public int MaxWrite { get; init; } = int.MaxValue;

    /// <summary>After how many bytes in one direction a connection is cut.</summary>
    public long CutAfter { get; init; } = long.MaxValue;

    /// <summary>Whether the bytes to the client alone count for that, or those to the server alone; null for both.</summary>
    public bool? CountsToClient { get; init; }

    /// <summary>What a cut is.</summary>
    public CutManner Manner { get; init; }
}

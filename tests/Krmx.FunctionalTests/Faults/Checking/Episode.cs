using Krmx.FunctionalTests.Faults.Recording;

namespace Krmx.FunctionalTests.Faults.Checking;

/// <summary>One link as its client saw it, from its being accepted.</summary>
internal sealed class Episode(ClientLog client)
{
    public ClientLog Client { get; } = client;

    public required string User { get; init; }

    /// <summary>The link's number; 0 while the client has not been told.</summary>
    public long Link { get; set; }

    /// <summary>What it was told of users before its first message.</summary>
    public List<ClientEntry> Snapshot { get; } = [];

    /// <summary>What it was told after.</summary>
    public List<ClientEntry> Stream { get; } = [];

    /// <summary>The number of the last message it sent.</summary>
    public long Said { get; set; }

    /// <summary>Whether it went on to the end of the log.</summary>
    public bool IsOpen { get; set; } = true;
}

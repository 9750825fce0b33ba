namespace Krmx;

/// <summary>What a room has stored when somebody is told of it.</summary>
public enum KrmxDurability
{
    /// <summary>Nothing: the room ends with its process.</summary>
    None,

    /// <summary>
    /// What was changed is stored within a second, and nobody waits for it. A crash loses up to that second; clients are then told how things are, rather than what
    /// they have missed. Stopping loses nothing.
    /// </summary>
    Relaxed,

    /// <summary>All of it: what a turn sends leaves when what it has changed is on the disk. A crash loses nothing that anybody was told.</summary>
    Confirmed,
}

namespace Krmx;

/// <summary>What the users of a room are told of each other. Protocol section 10.</summary>
public enum KrmxPresence
{
    /// <summary>Who is here, and who joins, is linked, is unlinked and leaves.</summary>
    Everyone,

    /// <summary>How many there are, and how many of them are linked, at most once a second; for rooms of thousands.</summary>
    Count,
}

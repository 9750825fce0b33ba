namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>What a client saw or did.</summary>
internal enum Sight
{
    Opened,
    Asked,
    Accepted,
    Rejected,
    Joined,
    Linked,
    Unlinked,
    Left,

    /// <summary>The first message of a link, with the link's number.</summary>
    Welcomed,

    /// <summary>A message, with its number.</summary>
    Received,

    /// <summary>It sent a message, with its number in the link.</summary>
    Said,
    Closed,
}

/// <summary>One thing a client saw or did.</summary>
internal readonly record struct ClientEntry(Sight Sight, string? User = null, long Number = 0)
{
    public override string ToString() => $"{Sight} {User}{(Number > 0 ? Number : "")}";
}

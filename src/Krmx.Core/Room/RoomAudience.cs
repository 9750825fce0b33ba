namespace Krmx.Rooms;

/// <summary>Which of the connections that are seated; each belongs to one of the two that are not everybody.</summary>
public enum RoomAudience
{
    /// <summary>All of them.</summary>
    Everybody,

    /// <summary>Those who are told of users one by one, as every client understands it.</summary>
    Classic,

    /// <summary>Those who have the extension presence (protocol section 10).</summary>
    Presence,
}

namespace Krmx.Rooms;

/// <summary>The question to a user's connection whether it is alive, and the link attempts that wait for what comes of it.</summary>
/// <remarks>
/// Its time has two halves, and the second begins when the room notices that the first is over. Where the process stood still, or a listener
/// blocked the room, an answer that waits to be handled is then handled before it is too late.
/// </remarks>
internal sealed class Challenge(RoomConnection owner, TimeSpan due)
{
    public RoomConnection Owner { get; } = owner;

    /// <summary>When the half that runs is over.</summary>
    public TimeSpan Due { get; private set; } = due;

    /// <summary>Whether the second half runs.</summary>
    public bool IsSecondHalf { get; private set; }

    /// <summary>Those who want the connection's user, in the order in which they came; some may be over.</summary>
    public List<LinkAttempt> Attempts { get; } = [];

    /// <summary>Whether it was answered, or its connection has the user no more.</summary>
    public bool IsOver => Owner.Challenge != this;

    public void BeginSecondHalf(TimeSpan due) => (Due, IsSecondHalf) = (due, true);
}

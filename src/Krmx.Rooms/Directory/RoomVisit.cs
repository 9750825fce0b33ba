namespace Krmx.Rooms;

/// <summary>The answer to somebody who wants to enter a room: the room, which stays until they leave, or why not.</summary>
internal readonly struct RoomVisit<TRoom>
    where TRoom : class
{
    private RoomVisit(RoomSlot<TRoom>? slot, NoRoom why = default, Exception? error = null)
    {
        Slot = slot;
        Why = why;
        Error = error;
    }

    public RoomSlot<TRoom>? Slot { get; }

    /// <summary>Why there is no room.</summary>
    public NoRoom Why { get; }

    /// <summary>What the application threw when the room was made.</summary>
    public Exception? Error { get; }

    /// <summary>The room that was entered; null where there is none.</summary>
    public TRoom? Room => Slot?.Room;

    public static RoomVisit<TRoom> In(RoomSlot<TRoom> slot) => new(slot);

    public static RoomVisit<TRoom> Refused(NoRoom why, Exception? error = null) => new(null, why, error);
}

/// <summary>Why a room could not be entered.</summary>
internal enum NoRoom
{
    /// <summary>There are as many rooms as there may be, and somebody is in each.</summary>
    TooMany,

    /// <summary>The rooms are closing for good.</summary>
    ShuttingDown,

    /// <summary>The application could not make it.</summary>
    Failed,

    /// <summary>It took too long to be made, or one of the same name to end.</summary>
    TooLate,
}

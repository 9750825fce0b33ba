namespace Krmx.Rooms;

/// <summary>One room's time under its name: from the wish for it until nothing of it is left. Belongs to the directory's lock.</summary>
internal sealed class RoomSlot<TRoom>(string name, long number)
    where TRoom : class
{
    public string Name => name;

    /// <summary>Which slot of the directory it is, in the order they were made.</summary>
    public long Number => number;

    public SlotState State { get; private set; }

    /// <summary>The room; null until it is open, and where it could not be made or is not needed any more.</summary>
    public TRoom? Room { get; private set; }

    /// <summary>What the application threw when the room was made; null where it did not, or has not yet.</summary>
    public Exception? Error { get; private set; }

    /// <summary>When the room may be made without being one too many.</summary>
    public Signal Placed { get; } = new();

    /// <summary>When the room is open, or will not be.</summary>
    public Signal Opened { get; } = new();

    /// <summary>When nothing of the room is left.</summary>
    public Signal Ended { get; } = new();

    /// <summary>How many are in it, or wait to be.</summary>
    public int Visitors { get; set; }

    /// <summary>Whether it is made though nobody waits for it any more, and kept though nobody was linked in it: the application asked for it.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Whether it counts as one of the rooms that there may be.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>When it became empty, as a timestamp; when it was entered, while it is not.</summary>
    public long Since { get; set; }

    /// <summary>For how long there was somebody in it, in all.</summary>
    public TimeSpan Occupied { get; set; }

    public void BecomeOpen(TRoom room, long now)
    {
        Room = room;
        Since = now;
        State = SlotState.Open;
    }

    /// <summary>The room closes; nobody is in it who would not be told.</summary>
    public void BecomeClosing(TRoom room)
    {
        Room = room;
        State = SlotState.Closing;
    }

    /// <summary>Nothing of the room is left, or there never was one.</summary>
    public void BecomeEnded(Exception? error = null)
    {
        Error = error;
        State = SlotState.Ended;
    }

    /// <summary>Tells those who wait of the state; outside the lock, since they go on at once.</summary>
    public void Announce()
    {
        if (IsPlaced)
            Placed.Set();
        if (State != SlotState.Opening)
            Opened.Set();
        if (State == SlotState.Ended)
            Ended.Set();
    }
}

/// <summary>Where a name's room is in its life: each state leads to the next, and an opening that comes to nothing to the last.</summary>
internal enum SlotState
{
    /// <summary>The room is being made, or waits for another to end first; visitors wait.</summary>
    Opening,

    /// <summary>The room can be entered.</summary>
    Open,

    /// <summary>The room is closing; whoever comes waits for its end, and then for another room.</summary>
    Closing,

    /// <summary>Nothing of it is left.</summary>
    Ended,
}

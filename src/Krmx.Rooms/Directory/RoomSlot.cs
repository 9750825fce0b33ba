namespace Krmx.Rooms;

/// <summary>The place of one name in a directory: from the wish for a room until nothing of it is left. Belongs to the directory's lock.</summary>
internal sealed class RoomSlot<TRoom>(string name)
    where TRoom : class
{
    private readonly TaskCompletionSource _opened = new();
    private readonly TaskCompletionSource _ended = new();

    public string Name => name;

    public SlotState State { get; private set; }

    /// <summary>The room; null until it is open, and where it could not be made.</summary>
    public TRoom? Room { get; private set; }

    /// <summary>Why the room could not be made; null where it could, or has not been yet.</summary>
    public Exception? Error { get; set; }

    /// <summary>Completes when the room is open or could not be made.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Completes when nothing of the room is left.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How many are in it, or wait to be.</summary>
    public int Visitors { get; set; }

    /// <summary>Whether it is kept for the idle time although nobody was linked in it: the application asked for it.</summary>
    public bool IsWanted { get; set; }

    /// <summary>When it became empty, as a timestamp; when it was entered, while it is not.</summary>
    public long Since { get; set; }

    /// <summary>For how long there was somebody in it, in all.</summary>
    public TimeSpan Occupied { get; set; }

    /// <summary>Whether it stands among the empty ones; it may have had visitors since.</summary>
    public bool IsWatched { get; set; }

    public void BecomeOpen(TRoom room)
    {
        Room = room;
        State = SlotState.Open;
    }

    /// <summary>The room closes; nobody is in it who would not be told.</summary>
    public void BecomeClosing(TRoom room)
    {
        Room = room;
        State = SlotState.Closing;
    }

    /// <summary>Nothing of the room is left, or there never was one.</summary>
    public void BecomeEnded() => State = SlotState.Ended;

    /// <summary>Tells those who wait of the state; outside the lock, since they go on at once.</summary>
    public void Announce()
    {
        if (State != SlotState.Opening)
            _opened.TrySetResult();
        if (State == SlotState.Ended)
            _ended.TrySetResult();
    }
}

/// <summary>Where a name's room is in its life: each state leads to the next, and an opening that fails to the last.</summary>
internal enum SlotState
{
    /// <summary>The room is being made; visitors wait.</summary>
    Opening,

    /// <summary>The room can be entered.</summary>
    Open,

    /// <summary>The room is closing; whoever comes waits for its end, and then for another room.</summary>
    Closing,

    /// <summary>The name is free.</summary>
    Ended,
}

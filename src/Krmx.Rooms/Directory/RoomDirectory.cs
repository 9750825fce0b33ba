namespace Krmx.Rooms;

/// <summary>The rooms of one route, by name: made when somebody comes, ended when nobody has been there for a time.</summary>
/// <remarks>
/// A name has one <see cref="RoomSlot{TRoom}"/> from the wish for a room until nothing of it is left, so there are never two rooms of one name:
/// whoever comes while one is ending waits, and gets the next. Rooms are made and ended outside the lock, so that one that takes long holds up
/// nobody but its own visitors. Safe from any thread.
/// </remarks>
internal sealed class RoomDirectory<TRoom>(IRoomMaker<TRoom> maker, KrmxRoomLifeOptions options, TimeProvider time)
    where TRoom : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RoomSlot<TRoom>> _slots = new(StringComparer.Ordinal);

    // Those that nobody was in at the time given, so that the watch need not walk the others. Each is here once at most, and may have had visitors since.
    private readonly PriorityQueue<RoomSlot<TRoom>, long> _empty = new();

    // The same by use, for the day when there are too many; an entry is out of date where the slot was used since.
    private readonly PriorityQueue<RoomSlot<TRoom>, TimeSpan> _leastUsed = new();
    private CloseCode? _shutdown;

    /// <summary>The open rooms.</summary>
    public TRoom[] Rooms
    {
        get
        {
            lock (_gate)
                return [.. _slots.Values.Where(static slot => slot.State == SlotState.Open).Select(static slot => slot.Room!)];
        }
    }

    /// <summary>The names of all rooms, those included that are opening or closing.</summary>
    public string[] Names
    {
        get
        {
            lock (_gate)
                return [.. _slots.Keys];
        }
    }

    /// <summary>Finds a room that is open.</summary>
    public TRoom? Find(string name)
    {
        lock (_gate)
            return _slots.TryGetValue(name, out RoomSlot<TRoom>? slot) && slot.State == SlotState.Open ? slot.Room : null;
    }

    /// <summary>Enters a room, made if need be; it stays at least until <see cref="Leave"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isWanted">Whether it is kept for the idle time even if nobody ever links.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public async Task<RoomVisit<TRoom>> EnterAsync(string name, bool isWanted = false, CancellationToken cancellationToken = default)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            if (TryEnter(name, out RoomSlot<TRoom>? slot, out Task? wait) is NoRoom why)
                return RoomVisit<TRoom>.Refused(why);
            if (slot is not null && isWanted)
                slot.IsWanted = true;
            TimeSpan patience = options.OpenTimeout - time.GetElapsedTime(began);
            if (!wait!.IsCompleted && !await IsDoneAsync(wait, patience, cancellationToken).ConfigureAwait(false))
            {
                if (slot is not null)
                    Leave(slot);
                return RoomVisit<TRoom>.Refused(NoRoom.TooLate);
            }
            if (slot is null)
                continue;
            if (IsOpen(slot))
                return RoomVisit<TRoom>.In(slot);
            if (slot.Room is null)
                return RoomVisit<TRoom>.Refused(NoRoom.Failed, slot.Error);

            // It closed before it could be used: the endpoint shuts down, or the application has closed it.
            Leave(slot);
        }
    }

    /// <summary>Leaves a room that was entered.</summary>
    public void Leave(RoomSlot<TRoom> slot)
    {
        lock (_gate)
        {
            if (--slot.Visitors > 0 || slot.State != SlotState.Open)
                return;
            long now = time.GetTimestamp();
            slot.Occupied += time.GetElapsedTime(slot.Since, now);
            slot.Since = now;
            if (IsKept(slot))
            {
                Watch(slot);
                return;
            }
            slot.BecomeClosing(slot.Room!);
        }
        _ = EndAsync(slot, CloseCode.GoingAway);
    }

    /// <summary>Closes the rooms that have been empty for too long.</summary>
    public void CloseIdle()
    {
        List<RoomSlot<TRoom>> idle = [];
        lock (_gate)
        {
            while (_empty.TryPeek(out RoomSlot<TRoom>? slot, out long since) && time.GetElapsedTime(since) >= options.IdleTimeout)
            {
                _empty.Dequeue();
                slot.IsWatched = false;
                if (slot.Visitors > 0 || slot.State != SlotState.Open)
                    continue;
                if (slot.Since > since)
                {
                    Watch(slot);
                    continue;
                }
                slot.BecomeClosing(slot.Room!);
                idle.Add(slot);
            }
        }
        foreach (RoomSlot<TRoom> slot in idle)
            _ = EndAsync(slot, CloseCode.GoingAway);
    }

    /// <summary>Closes a room, whoever is in it.</summary>
    /// <returns>Completes when nothing of it is left; whether there was one.</returns>
    public async Task<bool> CloseAsync(string name, CloseCode code)
    {
        RoomSlot<TRoom>? slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(name, out slot))
                return false;
            slot.Visitors++;
        }
        await slot.Opened.ConfigureAwait(false);
        bool closes = false;
        lock (_gate)
        {
            slot.Visitors--;
            if (slot.State == SlotState.Open)
            {
                slot.BecomeClosing(slot.Room!);
                closes = true;
            }
        }
        if (closes)
            _ = EndAsync(slot, code);
        await slot.Ended.ConfigureAwait(false);
        return slot.Room is not null;
    }

    /// <summary>Closes every room, and lets nobody in any more; waits for those that were closing already, and those that were being made.</summary>
    /// <param name="code">What connections are told.</param>
    public Task ShutDownAsync(CloseCode code)
    {
        RoomSlot<TRoom>[] open;
        Task ended;
        lock (_gate)
        {
            _shutdown ??= code;
            open = [.. _slots.Values.Where(static slot => slot.State == SlotState.Open)];
            foreach (RoomSlot<TRoom> slot in open)
                slot.BecomeClosing(slot.Room!);
            ended = Task.WhenAll(_slots.Values.Select(static slot => slot.Ended));
        }
        foreach (RoomSlot<TRoom> slot in open)
            _ = EndAsync(slot, code);
        return ended;
    }

    /// <summary>Takes a place in a room, or finds out what to wait for before that can be tried again; without a slot it is to be tried again.</summary>
    private NoRoom? TryEnter(string name, out RoomSlot<TRoom>? slot, out Task? wait)
    {
        bool isNew = false;
        RoomSlot<TRoom>? gone = null;
        lock (_gate)
        {
            wait = null;
            if (_shutdown is not null)
            {
                slot = null;
                return NoRoom.ShuttingDown;
            }
            if (_slots.TryGetValue(name, out slot))
            {
                if (slot.State == SlotState.Closing)
                {
                    wait = slot.Ended;
                    slot = null;
                }
            }
            else if (_slots.Count >= options.Max)
            {
                gone = LeastUsed();
                if (gone is null)
                    return NoRoom.TooMany;
                gone.BecomeClosing(gone.Room!);
                wait = gone.Ended;
            }
            else
            {
                _slots.Add(name, slot = new RoomSlot<TRoom>(name));
                isNew = true;
            }
            if (slot is not null)
            {
                if (slot.Visitors++ == 0)
                    slot.Since = time.GetTimestamp();
                wait = slot.Opened;
            }
        }
        if (gone is not null)
            _ = EndAsync(gone, CloseCode.GoingAway);
        if (isNew)
            _ = OpenAsync(slot!);
        return null;
    }

    private bool IsOpen(RoomSlot<TRoom> slot)
    {
        lock (_gate)
            return slot.State == SlotState.Open;
    }

    private async Task OpenAsync(RoomSlot<TRoom> slot)
    {
        TRoom? room = null;
        try
        {
            room = await maker.MakeAsync(slot.Name).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            slot.Error = error;
        }
        CloseCode? closes = null;
        lock (_gate)
        {
            if (room is null)
                End(slot);
            else if (_shutdown is null && (slot.Visitors > 0 || slot.IsWanted))
                slot.BecomeOpen(room);
            else
                closes = _shutdown ?? CloseCode.GoingAway;
            if (closes is not null)
                slot.BecomeClosing(room!);
        }
        slot.Announce();
        if (closes is CloseCode code)
            await EndAsync(slot, code).ConfigureAwait(false);
    }

    private bool IsKept(RoomSlot<TRoom> slot) =>
        options.IdleTimeout > TimeSpan.Zero && (slot.IsWanted || maker.IsWorthKeeping(slot.Room!));

    private void Watch(RoomSlot<TRoom> slot)
    {
        _leastUsed.Enqueue(slot, slot.Occupied);
        if (slot.IsWatched)
            return;
        _empty.Enqueue(slot, slot.Since);
        slot.IsWatched = true;
    }

    /// <summary>The empty room that was used the least; null where somebody is in each.</summary>
    private RoomSlot<TRoom>? LeastUsed()
    {
        while (_leastUsed.TryDequeue(out RoomSlot<TRoom>? slot, out TimeSpan occupied))
        {
            if (slot.State == SlotState.Open && slot.Visitors == 0 && slot.Occupied == occupied)
                return slot;
        }
        return null;
    }

    /// <summary>Ends a room whose slot is closing; outside the lock.</summary>
    private async Task EndAsync(RoomSlot<TRoom> slot, CloseCode code)
    {
        slot.Announce();
        await maker.EndAsync(slot.Room!, code).ConfigureAwait(false);
        lock (_gate)
            End(slot);
        slot.Announce();
    }

    private void End(RoomSlot<TRoom> slot)
    {
        _slots.Remove(slot.Name);
        slot.BecomeEnded();
    }

    private async Task<bool> IsDoneAsync(Task task, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience <= TimeSpan.Zero)
            return false;
        try
        {
            await task.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}

namespace Krmx.Rooms;

/// <summary>The rooms of one route, by name: made when somebody comes, ended when nobody has been there for a time.</summary>
/// <remarks>
/// <para>
/// A name has one <see cref="RoomSlot{TRoom}"/> from the wish for a room until nothing of it is left. Whoever comes while it is closing gets the
/// next slot of the name, whose room is not made before the other has ended: so there are never two rooms of one name. A slot for which there are
/// too many rooms waits until one of them has ended, an empty one being closed for it: so there are never more than there may be.
/// </para>
/// <para>
/// Rooms are made and ended outside the lock, so that one that takes long holds up nobody but its own visitors. Safe from any thread.
/// </para>
/// </remarks>
/// <param name="maker">Makes and ends the rooms.</param>
/// <param name="options">How many there may be, and for how long.</param>
/// <param name="time">The clock.</param>
/// <param name="keepsEmpty">Whether rooms stay however long nobody is in them. Default: false.</param>
internal sealed class RoomDirectory<TRoom>(IRoomMaker<TRoom> maker, KrmxRoomLifeOptions options, TimeProvider time, bool keepsEmpty = false)
    where TRoom : class
{
    private readonly Lock _gate = new();

    // The last slot of each name.
    private readonly Dictionary<string, RoomSlot<TRoom>> _slots = new(StringComparer.Ordinal);
    private readonly EmptyRooms<TRoom> _empty = new();

    // Those that wait for a place, the first who came first; never more than there are closing ones, so each gets one.
    private readonly Queue<RoomSlot<TRoom>> _waiting = new();
    private CloseCode? _shutdown;
    private int _placed;
    private int _closing;
    private long _lastNumber;

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

    /// <summary>How many slots are remembered, once for everything that remembers them: for tests, as nothing may after a slot's end.</summary>
    internal int Remembered
    {
        get
        {
            lock (_gate)
                return _slots.Count + _empty.Count + _waiting.Count + _placed + _closing;
        }
    }

    /// <summary>Finds a room that is open.</summary>
    public TRoom? Find(string name)
    {
        lock (_gate)
            return _slots.TryGetValue(name, out RoomSlot<TRoom>? slot) && slot.State == SlotState.Open ? slot.Room : null;
    }

    /// <summary>Enters a room, made if need be; it stays at least until <see cref="Leave"/>, unless it is closed by name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isWanted">Whether it is made even if nobody waits for it any more, and kept for the idle time even if nobody ever links.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public async Task<RoomVisit<TRoom>> EnterAsync(string name, bool isWanted = false, CancellationToken cancellationToken = default)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            if (TryEnter(name, isWanted, out RoomSlot<TRoom>? slot) is NoRoom why)
                return RoomVisit<TRoom>.Refused(why);
            TimeSpan patience = options.OpenTimeout - time.GetElapsedTime(began);
            if (!await slot!.Opened.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false))
            {
                Leave(slot);
                return RoomVisit<TRoom>.Refused(NoRoom.TooLate);
            }
            if (IsOpen(slot))
                return RoomVisit<TRoom>.In(slot);
            if (slot.Error is Exception error)
                return RoomVisit<TRoom>.Refused(NoRoom.Failed, error);

            // It closed before it could be used: all do, or the application has closed it.
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
                _empty.Add(slot);
                return;
            }
            BeginClosing(slot, slot.Room!);
        }
        _ = EndAsync(slot, CloseCode.GoingAway);
    }

    /// <summary>Closes the rooms that have been empty for too long.</summary>
    public void CloseIdle()
    {
        if (keepsEmpty)
            return;
        List<RoomSlot<TRoom>> idle = [];
        lock (_gate)
        {
            while (_empty.Oldest is RoomSlot<TRoom> slot && time.GetElapsedTime(slot.Since) >= options.IdleTimeout)
            {
                BeginClosing(slot, slot.Room!);
                idle.Add(slot);
            }
        }
        foreach (RoomSlot<TRoom> slot in idle)
            _ = EndAsync(slot, CloseCode.GoingAway);
    }

    /// <summary>Closes a room, whoever is in it; one that is opening closes when it has opened.</summary>
    /// <returns>Completes when nothing of it is left; whether there was one.</returns>
    public async Task<bool> CloseAsync(string name, CloseCode code)
    {
        RoomSlot<TRoom>? slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(name, out slot))
                return false;
        }
        bool closes;
        await slot.Opened.WaitAsync().ConfigureAwait(false);
        lock (_gate)
            closes = TryBeginClosing(slot);
        if (closes)
            _ = EndAsync(slot, code);
        await slot.Ended.WaitAsync().ConfigureAwait(false);
        return slot.Room is not null;
    }

    /// <summary>Ends a room that does not go on by itself; one that is not open yet is seen to when it is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isMeant">Whether it is the one that is meant: there may be another of its name already.</param>
    /// <param name="code">What connections are told that are still there.</param>
    public void Abandon(string name, Predicate<TRoom> isMeant, CloseCode code)
    {
        RoomSlot<TRoom>? slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(name, out slot) || slot.Room is null || !isMeant(slot.Room) || !TryBeginClosing(slot))
                return;
        }
        _ = EndAsync(slot, code);
    }

    /// <summary>Closes every room, and lets nobody in any more; waits for those that were closing already, and those that were being made.</summary>
    /// <param name="code">What connections are told.</param>
    public Task ShutDownAsync(CloseCode code)
    {
        List<RoomSlot<TRoom>> closing = [];
        Task ended;
        lock (_gate)
        {
            _shutdown ??= code;
            foreach (RoomSlot<TRoom> slot in _slots.Values)
            {
                if (TryBeginClosing(slot))
                    closing.Add(slot);
            }

            // One that is not the last of its name ends before that one does.
            ended = Task.WhenAll(_slots.Values.Select(static slot => slot.Ended.WaitAsync()));
        }
        foreach (RoomSlot<TRoom> slot in closing)
            _ = EndAsync(slot, code);
        return ended;
    }

    /// <summary>Takes a place among a room's visitors; the room may be still opening.</summary>
    /// <returns>Null where that was possible; else why it was not.</returns>
    private NoRoom? TryEnter(string name, bool isWanted, out RoomSlot<TRoom>? slot)
    {
        RoomSlot<TRoom>? predecessor = null;
        RoomSlot<TRoom>? evicted = null;
        bool isNew = false;
        lock (_gate)
        {
            if (_shutdown is not null)
            {
                slot = null;
                return NoRoom.ShuttingDown;
            }
            if (!_slots.TryGetValue(name, out slot) || slot.State == SlotState.Closing)
            {
                predecessor = slot;
                slot = new RoomSlot<TRoom>(name, ++_lastNumber);
                if (!TryPlace(slot, out evicted))
                    return NoRoom.TooMany;
                _slots[name] = slot;
                isNew = true;
            }
            if (slot.Visitors++ == 0 && slot.State == SlotState.Open)
            {
                _empty.Remove(slot);
                slot.Since = time.GetTimestamp();
            }
            slot.IsWanted |= isWanted;
        }
        if (isNew)
        {
            slot.Announce();
            _ = OpenAsync(slot, predecessor);
        }
        if (evicted is not null)
            _ = EndAsync(evicted, CloseCode.GoingAway);
        return null;
    }

    /// <summary>Makes a slot one of the rooms that there may be, or has it wait for a room that is closing, an empty one if need be.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="evicted">The room that begins to close for it.</param>
    private bool TryPlace(RoomSlot<TRoom> slot, out RoomSlot<TRoom>? evicted)
    {
        evicted = null;
        if (_placed < options.Max)
        {
            _placed++;
            slot.IsPlaced = true;
            return true;
        }
        if (_closing == _waiting.Count)
        {
            evicted = _empty.LeastUsed;
            if (evicted is null)
                return false;
            BeginClosing(evicted, evicted.Room!);
        }
        _waiting.Enqueue(slot);
        return true;
    }

    private bool IsOpen(RoomSlot<TRoom> slot)
    {
        lock (_gate)
            return slot.State == SlotState.Open;
    }

    private async Task OpenAsync(RoomSlot<TRoom> slot, RoomSlot<TRoom>? predecessor)
    {
        await slot.Placed.WaitAsync().ConfigureAwait(false);
        if (predecessor is not null)
            await predecessor.Ended.WaitAsync().ConfigureAwait(false);
        if (TryEndUnneeded(slot))
            return;
        TRoom room;
        try
        {
            room = await maker.MakeAsync(slot.Name).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            End(slot, error);
            return;
        }
        CloseCode? closes;
        lock (_gate)
            closes = OpenOrClose(slot, room);
        slot.Announce();
        if (closes is CloseCode code)
            await EndAsync(slot, code).ConfigureAwait(false);
    }

    /// <summary>Opens a slot whose room has been made, or begins to close it where nobody needs it any more.</summary>
    /// <returns>What connections are told where it closes; null where it opens.</returns>
    private CloseCode? OpenOrClose(RoomSlot<TRoom> slot, TRoom room)
    {
        if (!IsNeeded(slot) || !maker.IsAlive(room))
        {
            BeginClosing(slot, room);
            return _shutdown ?? CloseCode.GoingAway;
        }
        slot.BecomeOpen(room, time.GetTimestamp());
        if (slot.Visitors == 0)
            _empty.Add(slot);
        return null;
    }

    /// <summary>Ends a slot before its room is made, where nobody needs one any more.</summary>
    private bool TryEndUnneeded(RoomSlot<TRoom> slot)
    {
        RoomSlot<TRoom>? next;
        lock (_gate)
        {
            if (IsNeeded(slot))
                return false;
            next = Remove(slot, error: null);
        }
        slot.Announce();
        next?.Announce();
        return true;
    }

    private bool IsNeeded(RoomSlot<TRoom> slot) => _shutdown is null && (slot.Visitors > 0 || slot.IsWanted);

    private bool IsKept(RoomSlot<TRoom> slot) =>
        keepsEmpty || (options.IdleTimeout > TimeSpan.Zero && (slot.IsWanted || maker.IsWorthKeeping(slot.Room!)));

    private bool TryBeginClosing(RoomSlot<TRoom> slot)
    {
        if (slot.State != SlotState.Open)
            return false;
        BeginClosing(slot, slot.Room!);
        return true;
    }

    private void BeginClosing(RoomSlot<TRoom> slot, TRoom room)
    {
        _empty.Remove(slot);
        _closing++;
        slot.BecomeClosing(room);
    }

    /// <summary>Ends a room whose slot is closing; outside the lock.</summary>
    private async Task EndAsync(RoomSlot<TRoom> slot, CloseCode code)
    {
        slot.Announce();
        await maker.EndAsync(slot.Room!, code).ConfigureAwait(false);
        End(slot, error: null);
    }

    private void End(RoomSlot<TRoom> slot, Exception? error)
    {
        RoomSlot<TRoom>? next;
        lock (_gate)
            next = Remove(slot, error);
        slot.Announce();
        next?.Announce();
    }

    /// <summary>Forgets a slot of which nothing is left.</summary>
    /// <returns>The slot that has its place now; null where none waits for one.</returns>
    private RoomSlot<TRoom>? Remove(RoomSlot<TRoom> slot, Exception? error)
    {
        if (slot.State == SlotState.Closing)
            _closing--;
        if (_slots.GetValueOrDefault(slot.Name) == slot)
            _slots.Remove(slot.Name);
        slot.BecomeEnded(error);
        if (_waiting.TryDequeue(out RoomSlot<TRoom>? next))
            next.IsPlaced = true;
        else
            _placed--;
        return next;
    }
}

namespace Krmx.Tests.Rooms.Simulation;

/// <summary>What a directory of rooms has to do, as simply as it can be said: one list, walked for every question.</summary>
internal sealed class NaiveDirectory(DirectorySetup setup)
{
    private readonly List<NaiveRoom> _rooms = [];
    private CloseCode? _shutdown;

    public TimeSpan Now { get; private set; }

    public List<NaiveVisitor> Visitors { get; } = [];

    /// <summary>What is to be seen of it.</summary>
    public string Picture => string.Join(' ', _rooms.Where(static room => room.Stage != NaiveStage.Planned)
        .Select(static room => room.Stage == NaiveStage.Closing ? $"{room.Name}:Closing:{room.Code}" : $"{room.Name}:{room.Stage}")
        .Order(StringComparer.Ordinal));

    public bool HasEnded => _rooms.Count == 0;

    /// <summary>How much is to be remembered of the rooms.</summary>
    public int Remembered => _rooms.DistinctBy(static room => room.Name).Count() + _rooms.Count(IsEmpty) + _rooms.Count +
        _rooms.Count(static room => room.Stage == NaiveStage.Closing);

    public void Enter(string name, bool isWanted)
    {
        var visitor = new NaiveVisitor(name, isWanted, Now + DirectorySetup.OpenTimeout);
        Visitors.Add(visitor);
        Seek(visitor);
        Proceed();
    }

    public static void GiveUp(NaiveVisitor visitor)
    {
        visitor.Outcome = "TooLate";
        visitor.Room!.Guests.Remove(visitor);
        visitor.Room.Waiting.Remove(visitor);
    }

    public void Leave(NaiveVisitor visitor)
    {
        visitor.Outcome = "gone";
        NaiveRoom room = visitor.Room!;
        room.Guests.Remove(visitor);
        if (!IsEmpty(room))
            return;
        room.Occupied += Now - room.EnteredAt;
        room.EmptyAt = Now;
        bool isKept = setup.KeepsEmpty || (setup.IsKeptIdle && (room.IsWanted || room.WasLinked));
        if (!isKept)
            Close(room, CloseCode.GoingAway);
        Proceed();
    }

    public NaiveClosing Close(string name, CloseCode code)
    {
        var closing = new NaiveClosing(code);
        NaiveRoom? room = _rooms.FindLast(room => room.Name == name);
        if (room is null)
            closing.Result = false;
        else if (room.Stage is NaiveStage.Planned or NaiveStage.Making)
            room.Waiting.Add(closing);
        else
            AwaitEnd(room, closing);
        Proceed();
        return closing;
    }

    public void ShutDown(CloseCode code)
    {
        _shutdown ??= code;
        foreach (NaiveRoom room in _rooms.Where(static room => room.Stage == NaiveStage.Open))
            Close(room, code);
        Proceed();
    }

    public void Made(string name)
    {
        Open(Making(name));
        Proceed();
    }

    public void Failed(string name)
    {
        NaiveRoom room = Making(name);
        foreach (NaiveVisitor visitor in room.Waiting.OfType<NaiveVisitor>())
            visitor.Outcome = "Failed";
        End(room, hasBeen: false);
        Proceed();
    }

    public void Ended(string name)
    {
        End(_rooms.Single(room => room.Name == name && room.Stage == NaiveStage.Closing), hasBeen: true);
        Proceed();
    }

    public void Advance(TimeSpan time)
    {
        Now += time;
        foreach (NaiveVisitor visitor in Visitors.Where(visitor => visitor.Outcome == "waits" && visitor.Deadline <= Now))
            GiveUp(visitor);
    }

    public void CloseIdle()
    {
        foreach (NaiveRoom room in _rooms.Where(room => !setup.KeepsEmpty && IsEmpty(room) && Now - room.EmptyAt >= setup.IdleTimeout))
            Close(room, CloseCode.GoingAway);
        Proceed();
    }

    private static bool IsEmpty(NaiveRoom room) => room.Stage == NaiveStage.Open && room.Guests.Count == 0;

    private NaiveRoom Making(string name) => _rooms.Single(room => room.Name == name && room.Stage == NaiveStage.Making);

    private bool IsNeeded(NaiveRoom room) => _shutdown is null && (room.IsWanted || room.Guests.Count > 0);

    private void Seek(NaiveVisitor visitor)
    {
        NaiveRoom? room = _rooms.Find(room => room.Name == visitor.Name && room.Stage != NaiveStage.Closing);
        if (_shutdown is not null)
        {
            visitor.Outcome = "ShuttingDown";
            return;
        }
        if (room is null)
        {
            room = new NaiveRoom(visitor.Name) { IsPlaced = _rooms.Count(static room => room.IsPlaced) < setup.Max };
            int coming = _rooms.Count(static room => room.Stage == NaiveStage.Closing) - _rooms.Count(static room => !room.IsPlaced);
            if (!room.IsPlaced && coming == 0)
            {
                NaiveRoom? leastUsed = _rooms.Where(IsEmpty).OrderBy(static room => room.Occupied).ThenBy(static room => room.EmptyAt).FirstOrDefault();
                if (leastUsed is null)
                {
                    visitor.Outcome = "TooMany";
                    return;
                }
                Close(leastUsed, CloseCode.GoingAway);
            }
            _rooms.Add(room);
        }
        if (IsEmpty(room))
            room.EnteredAt = Now;
        visitor.Room = room;
        room.Guests.Add(visitor);
        room.IsWanted |= visitor.IsWanted;
        if (room.Stage == NaiveStage.Open)
            visitor.Outcome = "in";
        else
            room.Waiting.Add(visitor);
    }

    private void Open(NaiveRoom room)
    {
        if (IsNeeded(room))
        {
            room.Stage = NaiveStage.Open;
            room.EnteredAt = Now;
            room.EmptyAt = Now;
        }
        else
        {
            Close(room, _shutdown ?? CloseCode.GoingAway);
        }
        Tell(room);
    }

    /// <summary>Those who waited for the room go on, each as things are then.</summary>
    private void Tell(NaiveRoom room)
    {
        foreach (object waiting in room.Waiting.ToArray())
        {
            if (waiting is NaiveClosing closing)
            {
                AwaitEnd(room, closing);
            }
            else if (waiting is NaiveVisitor visitor && room.Stage == NaiveStage.Open)
            {
                visitor.Outcome = "in";
            }
            else if (waiting is NaiveVisitor late)
            {
                room.Guests.Remove(late);
                Seek(late);
            }
        }
        room.Waiting.Clear();
    }

    private static void AwaitEnd(NaiveRoom room, NaiveClosing closing)
    {
        room.Closings.Add(closing);
        if (room.Stage == NaiveStage.Open)
            Close(room, closing.Code);
    }

    private static void Close(NaiveRoom room, CloseCode code)
    {
        room.Stage = NaiveStage.Closing;
        room.Code = code;
    }

    private void End(NaiveRoom room, bool hasBeen)
    {
        _rooms.Remove(room);
        if (_rooms.Find(static room => !room.IsPlaced) is NaiveRoom next)
            next.IsPlaced = true;
        foreach (NaiveClosing closing in room.Closings.Concat(room.Waiting.OfType<NaiveClosing>()))
            closing.Result = hasBeen;
    }

    /// <summary>Does what can be done now, until there is nothing more.</summary>
    private void Proceed()
    {
        while (_rooms.Find(CanProceed) is NaiveRoom room)
        {
            if (room.Stage == NaiveStage.Closing)
            {
                End(room, hasBeen: true);
            }
            else if (room.Stage == NaiveStage.Making)
            {
                Open(room);
            }
            else if (IsNeeded(room))
            {
                room.Stage = NaiveStage.Making;
            }
            else
            {
                End(room, hasBeen: false);
                foreach (NaiveVisitor visitor in room.Waiting.OfType<NaiveVisitor>())
                    Seek(visitor);
            }
        }
    }

    private bool CanProceed(NaiveRoom room) => room.Stage switch
    {
        NaiveStage.Planned => room.IsPlaced && _rooms.Find(other => other.Name == room.Name) == room,
        NaiveStage.Making => setup.MakesAtOnce,
        NaiveStage.Closing => setup.EndsAtOnce,
        _ => false,
    };
}

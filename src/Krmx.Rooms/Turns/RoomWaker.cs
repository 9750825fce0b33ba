namespace Krmx.Rooms;

/// <summary>Wakes rooms when something is due in them: one timer for all rooms, so that a room that waits costs none.</summary>
internal sealed class RoomWaker(RoomEnvironment environment)
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<KrmxRoom, TimeSpan> _waiting = new();
    private ITimer? _timer;

    /// <summary>Wakes a room at a time; from its turn. Waking one too early, or twice, does no harm.</summary>
    public void Set(KrmxRoom room, TimeSpan due)
    {
        lock (_gate)
        {
            bool isNext = !_waiting.TryPeek(out _, out TimeSpan next) || due < next;
            _waiting.Enqueue(room, due);
            if (isNext)
                Start(due);
        }
    }

    private void Start(TimeSpan due)
    {
        TimeSpan wait = due - environment.Now;
        _timer ??= environment.Time.CreateTimer(static waker => ((RoomWaker)waker!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        lock (_gate)
        {
            TimeSpan now = environment.Now;
            while (_waiting.TryPeek(out KrmxRoom? room, out TimeSpan due))
            {
                if (due > now)
                {
                    Start(due);
                    return;
                }
                _waiting.Dequeue();
                room.Wake();
            }
        }
    }
}

namespace Krmx.Rooms;

/// <summary>Wakes rooms when something is due in them: one timer for all rooms, so that a room that waits costs none.</summary>
/// <remarks>A room is here once at most, and not any more when it has closed: what is due may be years ahead.</remarks>
internal sealed class RoomWaker(RoomEnvironment environment)
{
    /// <summary>Timers end at some weeks; where nothing is due for longer, they ring for nothing.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();

    private readonly SortedSet<RoomWake> _waiting =
        new(Comparer<RoomWake>.Create(static (a, b) => (a.Due, a.Number).CompareTo((b.Due, b.Number))));

    private ITimer? _timer;
    private long _last;

    /// <summary>Wakes a room at a time; from its turn. Waking one too early does no harm.</summary>
    /// <param name="room">The room.</param>
    /// <param name="due">The time.</param>
    /// <param name="instead">What was to wake it before; it may have done so.</param>
    public RoomWake Set(KrmxRoom room, TimeSpan due, RoomWake? instead)
    {
        lock (_gate)
        {
            if (instead is not null)
                _waiting.Remove(instead);
            var wake = new RoomWake(room, due, ++_last);
            _waiting.Add(wake);
            if (_waiting.Min == wake)
                Start(due);
            return wake;
        }
    }

    /// <summary>Does not wake a room any more.</summary>
    public void Cancel(RoomWake wake)
    {
        lock (_gate)
            _waiting.Remove(wake);
    }

    private void Start(TimeSpan due)
    {
        TimeSpan wait = due - environment.Now;
        _timer ??= environment.Time.CreateTimer(static waker => ((RoomWaker)waker!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        lock (_gate)
        {
            TimeSpan now = environment.Now;
            while (_waiting.Min is RoomWake next)
            {
                if (next.Due > now)
                {
                    Start(next.Due);
                    return;
                }
                _waiting.Remove(next);
                next.Room.Wake();
            }
        }
    }
}

using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// Alarms: what the application wants to be told when a time has come. A refused call throws and changes nothing.
public partial class KrmxRoomCore
{
    // As long as a user may be away, so that sums of times have room.
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(3650);

    private readonly RoomAlarms _alarms = new();
    private readonly ListenerList<Action<string>> _onAlarm = new("alarm");
    private long _lastToRing;

    /// <summary>The alarms that are set, in the order in which they ring; a snapshot.</summary>
    public IReadOnlyList<KrmxAlarm> Alarms
    {
        get
        {
            VerifyUse();
            return [.. _alarms.All.Select(AsOfNow)];
        }
    }

    /// <summary>When the next alarm rings. While the room opens none does: what its listeners need may not be there yet.</summary>
    private TimeSpan? NextAlarm => Status == RoomStatus.Open ? _alarms.NextDue : null;

    /// <summary>Finds an alarm by name.</summary>
    /// <returns>The alarm, or null when there is none; names are compared letter for letter.</returns>
    public KrmxAlarm? FindAlarm(string name)
    {
        VerifyUse();
        return _alarms.Find(name) is RoomAlarm alarm ? AsOfNow(alarm) : null;
    }

    /// <summary>Sets an alarm, or moves the one of that name: it rings once, when its time has come, and is gone.</summary>
    /// <remarks>
    /// <para>
    /// Alarms ring in the order in which they are due, and those that are due together in the order in which they were set; to move one is to set it
    /// anew. One that is due at once rings in a later turn.
    /// </para>
    /// <para>
    /// While the room opens, alarms can be set and none rings; those that are due by then ring when it is open. They
    /// keep no room from closing that nobody is in. One that is not durable forgets them then; a durable one is woken by them.
    /// </para>
    /// </remarks>
    /// <param name="name">Its name; there may be 1,000 of different names.</param>
    /// <param name="due">After what time it rings, from the beginning of this turn. From zero to 3,650 days.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="due"/> is negative, or too long.</exception>
    /// <exception cref="KrmxException">
    /// The room is neither opening nor open, as while it is set up; the name is empty or no text; or there are as many alarms as there may be.
    /// </exception>
    public void SetAlarm(string name, TimeSpan due)
    {
        DemandOpen("set an alarm");
        if (due < TimeSpan.Zero || due > LongestAlarm)
            throw new ArgumentOutOfRangeException(nameof(due), due, $"An alarm rings after zero to {LongestAlarm.TotalDays} days.");
        Demand(!string.IsNullOrEmpty(name) && Utf16.IsWellFormed(name), "set an alarm", $"'{name}' is no name for one");
        Demand(_alarms.All.Count < RoomAlarms.Max || _alarms.Find(name) is not null, "set an alarm", $"there are {RoomAlarms.Max} already");
        RoomAlarm alarm = _alarms.Set(name, _now + due);
        _recorder?.AlarmSet(alarm);
    }

    /// <summary>Cancels an alarm: it does not ring.</summary>
    /// <remarks>Not refused in a room that closes, unlike other calls, so that those who listen to users who leave may tidy up.</remarks>
    /// <returns>Whether there was one of that name; not where it rings just now.</returns>
    public bool CancelAlarm(string name)
    {
        VerifyUse();
        bool isCancelled = _alarms.Cancel(name);
        if (isCancelled)
            _recorder?.AlarmGone(name);
        return isCancelled;
    }

    /// <summary>Calls a listener whenever an alarm rings.</summary>
    /// <param name="listener">Given the alarm's name. The alarm is gone by then, and may be set again.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnAlarm(Action<string> listener) => Add(_onAlarm, listener);

    /// <summary>Calls a listener whenever the alarm of a name rings.</summary>
    /// <param name="name">The name; compared letter for letter.</param>
    /// <param name="listener">The listener. The alarm is gone by then, and may be set again.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnAlarm(string name, Action listener)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(listener);
        return OnAlarm(rings =>
        {
            if (rings == name)
                listener();
        });
    }

    private KrmxAlarm AsOfNow(RoomAlarm alarm) => new(alarm.Name, alarm.Due > _now ? alarm.Due - _now : TimeSpan.Zero);

    /// <summary>What is due rings; what is set from here on waits for the next look at the clock, so that nothing goes round in this one.</summary>
    private void RingAlarms()
    {
        if (NextAlarm <= _now)
        {
            _lastToRing = _alarms.LastNumber;
            _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));
        }
    }

    /// <summary>One alarm rings, and the next behind the events that follow from it: until then it can be moved and cancelled.</summary>
    private void RingAlarm()
    {
        if (!_alarms.TryTakeDue(_now, _lastToRing, out RoomAlarm? alarm))
            return;
        _recorder?.AlarmGone(alarm.Name);
        _onAlarm.Notify(alarm.Name, static (listener, name) => listener(name), _listenerFailed);
        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));
    }
}

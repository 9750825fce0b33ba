namespace Krmx;

// Alarms by the time of day, and async listeners of theirs.
public partial class KrmxRoom
{
    /// <summary>Sets an alarm for a time of day, or moves the one of that name: it rings once, when its time has come, and is gone.</summary>
    /// <remarks>
    /// The <see cref="TimeProvider"/> among the services says what time it is. From here on the time that is left is counted on the room's clock, so
    /// that whoever sets the machine's clock moves no alarm.
    /// </remarks>
    /// <param name="name">Its name; there may be 1,000 of different names.</param>
    /// <param name="at">When it rings; at once, in a later turn, where that is over. Up to 3,650 days ahead.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is too far ahead.</exception>
    /// <exception cref="KrmxException">As <see cref="KrmxRoomCore.SetAlarm(string, TimeSpan)"/> says.</exception>
    public void SetAlarm(string name, DateTimeOffset at)
    {
        // The room's clock stands still in a turn, the time of day does not.
        TimeSpan due = at - _environment.Time.GetUtcNow() + (_environment.Now - _now);
        SetAlarm(name, due > TimeSpan.Zero ? due : TimeSpan.Zero);
    }

    /// <summary>Calls an async listener whenever an alarm rings.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnAlarm(Action{string})"/>
    public IDisposable OnAlarm(Func<string, Task> listener) => OnAlarm(Watched("alarm", listener));

    /// <summary>Calls an async listener whenever the alarm of a name rings.</summary>
    /// <inheritdoc cref="KrmxRoomCore.OnAlarm(string, Action)"/>
    public IDisposable OnAlarm(string name, Func<Task> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnAlarm(name, () => Watch("alarm", listener()));
    }
}

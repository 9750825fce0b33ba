using System.Diagnostics.CodeAnalysis;

namespace Krmx.Rooms;

/// <summary>The alarms of a room, by name and by the time they are due.</summary>
/// <remarks>Both orders are exact, so that alarms that are moved and cancelled leave nothing behind in them.</remarks>
internal sealed class RoomAlarms
{
    /// <summary>How many there may be.</summary>
    public const int Max = 1000;

    private static readonly Comparer<RoomAlarm> ByDue = Comparer<RoomAlarm>.Create(static (left, right) =>
    {
        int order = left.Due.CompareTo(right.Due);
        return order != 0 ? order : left.Number.CompareTo(right.Number);
    });

    private readonly Dictionary<string, RoomAlarm> _byName = new(StringComparer.Ordinal);
    private readonly SortedSet<RoomAlarm> _byDue = new(ByDue);

    /// <summary>All of them, in the order in which they ring.</summary>
    public IReadOnlyCollection<RoomAlarm> All => _byDue;

    /// <summary>When the next one is due; null where there is none.</summary>
    public TimeSpan? NextDue => _byDue.Min?.Due;

    /// <summary>The number of the alarm that was set last, however often alarms were moved before.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Finds an alarm by name.</summary>
    public RoomAlarm? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Sets an alarm, in the place of the one of its name if there is one.</summary>
    public RoomAlarm Set(string name, TimeSpan due)
    {
        Cancel(name);
        var alarm = new RoomAlarm(name, due, ++LastNumber);
        _byName.Add(name, alarm);
        _byDue.Add(alarm);
        return alarm;
    }

    /// <summary>Takes an alarm out.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Cancel(string name) => _byName.Remove(name, out RoomAlarm? alarm) && _byDue.Remove(alarm);

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _byName.Clear();
        _byDue.Clear();
    }

    /// <summary>Takes out the next one that is due, of those that were set up to a number.</summary>
    /// <remarks>What was set later is due later, or at the same time and behind, so it stands in nobody's way.</remarks>
    public bool TryTakeDue(TimeSpan now, long lastNumber, [NotNullWhen(true)] out RoomAlarm? alarm)
    {
        alarm = _byDue.Min;
        return alarm is not null && alarm.Due <= now && alarm.Number <= lastNumber && Cancel(alarm.Name);
    }
}

namespace Krmx.Simulation;

// Alarms, in the model: a list in the order in which they were set, and one that is moved is another.
public sealed partial class Model
{
    private readonly List<ModelAlarm> _alarms = [];

    /// <summary>The alarms that are set, in the order in which they ring, and the time that is left of each.</summary>
    public IEnumerable<(string Name, TimeSpan TimeLeft)> Alarms => _alarms.OrderBy(alarm => alarm.Due)
        .Select(alarm => (alarm.Name, alarm.Due > _now ? alarm.Due - _now : TimeSpan.Zero));

    public void SetAlarm(string name, TimeSpan due) => Call(() =>
    {
        if (NotOpen("set an alarm") is string refusal)
            return refusal;
        _alarms.RemoveAll(alarm => alarm.Name == name);
        _alarms.Add(new ModelAlarm(name, _now + due));
        return null;
    });

    public void CancelAlarm(string name) => Answer(_alarms.RemoveAll(alarm => alarm.Name == name) == 1);

    /// <summary>Of the alarms that are due now each rings that is still set as it is when its turn comes.</summary>
    private void RingAlarms()
    {
        var due = new Queue<ModelAlarm>(_alarms.Where(alarm => alarm.Due <= _now).OrderBy(alarm => alarm.Due));
        _later.Enqueue(RingNext);

        void RingNext()
        {
            while (due.TryDequeue(out ModelAlarm? next))
            {
                if (!_alarms.Remove(next))
                    continue;
                Tell($"alarm {next.Name}");
                _later.Enqueue(RingNext);
                return;
            }
        }
    }
}

internal sealed class ModelAlarm(string name, TimeSpan due)
{
    public string Name { get; } = name;

    public TimeSpan Due { get; } = due;
}

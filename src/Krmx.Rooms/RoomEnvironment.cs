using Krmx.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Krmx.Rooms;

/// <summary>What all rooms of a process share.</summary>
internal sealed class RoomEnvironment
{
    private readonly long _began;

    public RoomEnvironment(ILogger logger, RoomMetrics metrics, TimeProvider time, Action<IThreadPoolWorkItem> schedule)
    {
        Logger = logger;
        Metrics = metrics;
        Time = time;
        Schedule = schedule;
        _began = time.GetTimestamp();
        Waker = new RoomWaker(this);
    }

    /// <summary>Where rooms log; it never throws.</summary>
    public ILogger Logger { get; }

    /// <summary>What they count in.</summary>
    public RoomMetrics Metrics { get; }

    /// <summary>Their clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Whether a test drives the rooms with the one thread there is, so that it counts as in turn itself.</summary>
    public bool IsDrivenByTest { get; init; }

    /// <summary>Has a turn done soon, by a thread or by a test.</summary>
    public Action<IThreadPoolWorkItem> Schedule { get; }

    /// <summary>Wakes rooms when something is due in them.</summary>
    public RoomWaker Waker { get; }

    /// <summary>The time on the clock of all rooms, which began with the process.</summary>
    public TimeSpan Now => TimeAt(Time.GetTimestamp());

    /// <summary>The time on that clock at a timestamp.</summary>
    public TimeSpan TimeAt(long timestamp) => Time.GetElapsedTime(_began, timestamp);
}

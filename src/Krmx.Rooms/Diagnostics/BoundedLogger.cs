using System.Collections.Concurrent;
using Krmx.Limits;
using Microsoft.Extensions.Logging;

namespace Krmx.Diagnostics;

/// <summary>Bounds how often each event is logged, since peers can cause most of them as often as they like; says how many were left out.</summary>
internal sealed class BoundedLogger(ILogger inner, TimeProvider time) : ILogger
{
    /// <summary>How many logs of one event there may be in a second, in the long run.</summary>
    public const int MaxPerSecond = 10;

    /// <summary>How many there may be at once after a rest.</summary>
    public const int MaxBurst = 100;

    /// <summary>How often it is said how many were left out.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<int, EventLogs> _events = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_events.GetOrAdd(eventId.Id, static (id, logger) => new EventLogs(logger, id), this).MayBeOneMore())
            inner.Log(logLevel, eventId, state, exception, formatter);
    }

    private void Report(int leftOut, int eventId) => RoomLog.LeftOut(inner, leftOut, eventId, ReportInterval.TotalSeconds);

    /// <summary>The logs of one event. Safe from any thread.</summary>
    private sealed class EventLogs(BoundedLogger logger, int eventId)
    {
        private readonly Lock _gate = new();
        private TokenBucket _bucket;
        private ITimer? _report;
        private int _leftOut;

        public bool MayBeOneMore()
        {
            lock (_gate)
            {
                if (_bucket.TryTake(MaxPerSecond, MaxBurst, logger._time.GetTimestamp(), logger._time))
                    return true;
                if (_leftOut++ == 0)
                {
                    _report ??= logger._time.CreateTimer(static logs => ((EventLogs)logs!).Report(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    _report.Change(ReportInterval, Timeout.InfiniteTimeSpan);
                }
                return false;
            }
        }

        private void Report()
        {
            int leftOut;
            lock (_gate)
            {
                leftOut = _leftOut;
                _leftOut = 0;
            }
            logger.Report(leftOut, eventId);
        }
    }
}

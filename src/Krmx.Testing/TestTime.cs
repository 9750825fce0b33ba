namespace Krmx.Testing;

/// <summary>A clock that only a test moves.</summary>
internal sealed class TestTime : TimeProvider
{
    // A day like any other, so that code which prints or compares dates has something to work with.
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<TestTimer> _timers = [];

    /// <summary>How long the clock has run.</summary>
    public TimeSpan Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    // The frequency makes ticks of it; one more, as zero often stands for "never".
    public override long GetTimestamp() => Now.Ticks + 1;

    public override DateTimeOffset GetUtcNow() => Beginning + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes on to the next timer that is due by a time, and rings it; to that time where none is.</summary>
    /// <returns>Whether a timer rang.</returns>
    public bool Step(TimeSpan until)
    {
        TestTimer? next;
        lock (_gate)
        {
            next = _timers.Where(timer => timer.Due <= until).MinBy(static timer => timer.Due);
            Now = next is null ? until : next.Due > Now ? next.Due : Now;
            if (next?.Rang() == false)
                _timers.Remove(next);
        }
        next?.Callback();
        return next is not null;
    }

    private sealed class TestTimer(TestTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public void Callback() => callback(state);

        /// <returns>Whether it rings again.</returns>
        public bool Rang()
        {
            Due += _period;
            return _period > TimeSpan.Zero;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Due = time.Now + dueTime;
                _period = period;
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                    time._timers.Add(this);
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

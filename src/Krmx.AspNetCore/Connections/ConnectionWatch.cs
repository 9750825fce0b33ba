using System.Collections.Concurrent;

namespace Krmx.Connections;

/// <summary>Watches over the connections of an endpoint with one timer: it pings the silent, ends the dead, and lets the rooms be looked after.</summary>
internal sealed class ConnectionWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<GatewayConnection, byte> _connections = [];
    private readonly KrmxOptions _options;
    private readonly TimeProvider _time;
    private readonly Action _alsoDo;
    private readonly int _patience;
    private readonly ITimer _timer;
    private long _lastBeat;

    /// <param name="options">The times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="alsoDo">Done at each beat.</param>
    public ConnectionWatch(KrmxOptions options, TimeProvider time, Action alsoDo)
    {
        _options = options;
        _time = time;
        _alsoDo = alsoDo;
        Period = PeriodFor(options);
        _patience = (int)Math.Ceiling(options.Pings.Timeout / Period);
        _timer = time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How often it looks.</summary>
    public TimeSpan Period { get; }

    /// <summary>The connections now.</summary>
    public IEnumerable<GatewayConnection> Connections => _connections.Keys;

    public void Start() => _timer.Change(Period, Period);

    public void Add(GatewayConnection connection) => _connections.TryAdd(connection, 0);

    public void Remove(GatewayConnection connection) => _connections.TryRemove(connection, out _);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Often enough that a ping, a close or a room is late by a quarter of its time at most.</summary>
    private static TimeSpan PeriodFor(KrmxOptions options)
    {
        TimeSpan shortest = TimeSpan.FromSeconds(4);
        foreach (TimeSpan time in new[] { options.Pings.Interval, options.Pings.Timeout, options.Rooms.CloseTimeout, options.Rooms.IdleTimeout })
        {
            if (time > TimeSpan.Zero && time < shortest)
                shortest = time;
        }
        return TimeSpan.FromMilliseconds(Math.Max(10, shortest.TotalMilliseconds / 4));
    }

    private void Beat()
    {
        // Where the process stood still, the beats of that time may come all at once now; they are one.
        long last = Volatile.Read(ref _lastBeat);
        long now = _time.GetTimestamp();
        if (_time.GetElapsedTime(last, now) < Period / 2 || Interlocked.CompareExchange(ref _lastBeat, now, last) != last)
            return;
        foreach ((GatewayConnection connection, _) in _connections)
            connection.CheckLiveness(_patience);
        _alsoDo();
    }
}

using Krmx.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.Tests.Diagnostics;

public class BoundedLoggerTests : ILogger
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _logged = [];
    private readonly BoundedLogger _logger;

    public BoundedLoggerTests() => _logger = new BoundedLogger(this, _time);

    [Fact]
    public void EventThatIsLoggedTooOften_IsLeftOutAndCounted()
    {
        Log(4, 300);
        Assert.Equal(BoundedLogger.MaxBurst, _logged.Count);

        _logged.Clear();
        _time.Advance(BoundedLogger.ReportInterval);
        Assert.Equal(["17 Warning 200 more logs of event 4 were left out in 10 seconds, as there were too many."], _logged);
    }

    [Fact]
    public void EventsAtTheRate_AreAllLogged()
    {
        Log(4, BoundedLogger.MaxBurst);
        for (int i = 0; i < 1000; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.0 / BoundedLogger.MaxPerSecond));
            Log(4, 1);
        }
        Assert.Equal(BoundedLogger.MaxBurst + 1000, _logged.Count);
    }

    [Fact]
    public void FloodOfOneEvent_LeavesTheOthers()
    {
        Log(4, 300);
        Log(6, 1);
        Assert.Equal("6 Warning x", _logged[^1]);
    }

    [Fact]
    public void FloodThatGoesOn_IsReportedEveryTime()
    {
        Log(4, BoundedLogger.MaxBurst);
        for (int i = 1; i <= 3; i++)
        {
            Log(4, 50);
            _time.Advance(BoundedLogger.ReportInterval);
            Log(4, BoundedLogger.MaxBurst);
        }
        Assert.Equal(3, _logged.Count(text => text.StartsWith("17 Warning 50 more", StringComparison.Ordinal)));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _logged.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}");

    private void Log(int eventId, int times)
    {
        for (int i = 0; i < times; i++)
            _logger.Log(LogLevel.Warning, new EventId(eventId), "x", null, static (text, _) => text);
    }
}

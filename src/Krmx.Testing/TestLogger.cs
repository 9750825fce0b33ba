using Microsoft.Extensions.Logging;

namespace Krmx.Testing;

/// <summary>Notes what a room logs: the exceptions of the application's code, and what was not understood.</summary>
internal sealed class TestLogger : ILogger
{
    public List<Exception> Failures { get; } = [];

    public List<string> Refusals { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
            Failures.Add(exception);
        else if (IsEnabled(logLevel))
            Refusals.Add(formatter(state, null));
    }
}

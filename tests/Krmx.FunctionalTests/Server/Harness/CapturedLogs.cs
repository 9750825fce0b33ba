using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>Keeps what a server logs; an error nobody expected fails the test.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public Task<Entry> WaitFor(int eventId) => WaitFor(entry => entry.Category == "Krmx" && entry.EventId == eventId, $"log {eventId}");

    public async Task<Entry> WaitFor(Func<Entry, bool> wanted, string what)
    {
        await Patience.Until(() => _entries.Any(wanted), () => $"{what}; there was: {this}");
        return _entries.First(wanted);
    }

    /// <param name="expectedErrors">The event ids of Krmx that the test provokes.</param>
    public void AssertNoErrors(IReadOnlyCollection<int> expectedErrors)
    {
        Entry[] errors = [.. _entries.Where(
            entry => entry.Level >= LogLevel.Error && !(entry.Category == "Krmx" && expectedErrors.Contains(entry.EventId)))];
        Assert.True(errors.Length == 0, string.Join(Environment.NewLine, errors.Select(e => e.ToString())));
    }

    public override string ToString() => string.Join(Environment.NewLine, _entries);

    public void Dispose()
    {
    }

    internal sealed record Entry(string Category, LogLevel Level, int EventId, string Text, Exception? Error);

    private sealed class Logger(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(category, logLevel, eventId.Id, formatter(state, exception), exception));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>Adds up what one server's meter counts, by instrument and, where there is one, by tag.</summary>
internal sealed class MetricsProbe : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _totals = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly MeterListener _listener = new();

    /// <param name="scope">The server's meter factory: other servers of the process have meters of the same name.</param>
    public MetricsProbe(IMeterFactory scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Krmx" && instrument.Meter.Scope == scope)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The sum of all that was measured; 0 where nothing was.</summary>
    public double Total(string name, string? tag = null) => _totals.GetValueOrDefault(tag is null ? name : $"{name} {tag}");

    /// <summary>How often something was measured.</summary>
    public int Count(string name) => _counts.GetValueOrDefault(name);

    public Task WaitFor(string name, double total, string? tag = null) =>
        Patience.Until(() => Total(name, tag) == total, () => $"{name} {tag} is {total}; it is {Total(name, tag)}");

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        _totals.AddOrUpdate(name, value, (_, total) => total + value);
        _counts.AddOrUpdate(name, 1, (_, count) => count + 1);
    }
}

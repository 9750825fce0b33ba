using System.Collections;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using Krmx.Diagnostics;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Operations;

/// <summary>The tables of docs/operations.md say what the code says, and leave nothing out.</summary>
public class OperationsGuideTests
{
    [Fact]
    public void Metrics_AreTheMetersInstruments()
    {
        var published = new List<string>();
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == meters)
                published.Add($"{instrument.Name} {instrument.Unit}");
        };
        listener.Start();
        _ = new RoomMetrics(meters);
        _ = new GatewayMetrics(meters);

        Assert.Equal(published.Order(), OperationsGuide.Table("instrument").Select(row => $"{row[0]} {row[1]}").Order());
    }

    [Fact]
    public void DurationOfTurns_HasTheBucketsThatTheGuideNames()
    {
        Histogram<double>? turns = null;
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var listener = new MeterListener();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, _) => turns = instrument.Meter.Scope == meters && instrument.Name == "krmx.turn.duration" ? (Histogram<double>)instrument : turns;
        listener.Start();
        _ = new RoomMetrics(meters);

        IReadOnlyList<double> buckets = turns!.Advice!.HistogramBucketBoundaries!;
        OperationsGuide.Says($"of buckets with bounds from {buckets[0] * 1_000_000} µs to {buckets[^1]} s");
    }

    [Fact]
    public async Task Metrics_HaveTheTagsThatTheTableNames()
    {
        var tags = new Dictionary<string, string>();
        await using TestServer server = await new TestServer { Options = options => options.Connections.ExpectedQuery["stranger"] = QueryRule.Absent }.StartAsync();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == RoomMetrics.MeterName && instrument.Meter.Scope == server.App.Services.GetRequiredService<IMeterFactory>())
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, found, _) => Note(instrument, found));
        listener.SetMeasurementEventCallback<long>((instrument, _, found, _) => Note(instrument, found));
        listener.SetMeasurementEventCallback<double>((instrument, _, found, _) => Note(instrument, found));
        listener.Start();

        // One of everything: a link and what it is sent, a rejection, an eviction, a refusal.
        await using WireClient bob = await server.LinkAsync("bob");
        await using WireClient tooBig = await server.ConnectAsync();
        await tooBig.SendAsync("no message");
        await tooBig.ExpectAsync(Texts.Rejected("invalid message"));
        await tooBig.SendAsync(new string('x', (64 * 1024) + 1));
        await tooBig.ExpectCloseAsync(1009);
        await using WireClient stranger = await server.ConnectAsync("/krmx?stranger=1");
        await stranger.ExpectCloseAsync(1008);
        RoomMetrics metrics = server.App.Services.GetRequiredService<RoomMetrics>();
        metrics.Committed([], TimeSpan.Zero);
        metrics.CommitFailed();
        await server.StopAsync();

        Assert.Equal(OperationsGuide.Table("instrument").ToDictionary(row => row[0], row => row[2] == "–" ? "" : row[2]), tags);

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> found)
        {
            lock (tags)
                tags[instrument.Name] = string.Join(", ", found.ToArray().Select(tag => tag.Key));
        }
    }

    [Fact]
    public void Logs_AreTheEventsOfTheServer()
    {
        IEnumerable<string> logged = new[] { typeof(RoomLog), typeof(GatewayLog), typeof(StorageLog) }.SelectMany(static logs => logs.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!)
            .OrderBy(message => message.EventId)
            .Select(message => $"{message.EventId} {message.Level}");

        Assert.Equal(logged, OperationsGuide.Table("id").Select(row => $"{row[0]} {row[1]}"));
    }

    [Fact]
    public void Limits_AreTheOptionsWithTheirDefaults()
    {
        Dictionary<string, object?> options = Flatten(new KrmxOptions()).ToDictionary();
        string[][] rows = OperationsGuide.Table("option");

        Assert.Equal(options.Keys.Order(), rows.Select(row => row[0]).Order());
        foreach (string[] row in rows)
        {
            if (Written(row[0], options[row[0]]) is string written)
                Assert.Equal($"{row[0]}: {written}", $"{row[0]}: {row[1]}");
        }
    }

    [Fact]
    public void Backlog_IsTheFrameworksDefault() =>
        Assert.Contains($"Kestrel asks for {new SocketTransportOptions().Backlog};", OperationsGuide.Table("setting of the machine")[^1][1]);

    /// <summary>The options by name, those of a group behind its name.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Flatten(object options, string prefix = "") =>
        options.GetType().GetProperties().SelectMany(option => option.GetValue(options) is { } group && IsGroup(option.PropertyType)
            ? Flatten(group, $"{option.Name}.")
            : [new(prefix + option.Name, option.GetValue(options))]);

    private static bool IsGroup(Type type) => type is { IsEnum: false } && type.Name.StartsWith("Krmx", StringComparison.Ordinal);

    /// <summary>How the table writes a default; null for one that it describes.</summary>
    private static string? Written(string option, object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        int bytes when option.EndsWith("Bytes", StringComparison.Ordinal) && bytes >= 1024 * 1024 => $"{bytes / (1024 * 1024)} MiB",
        int bytes when option.EndsWith("Bytes", StringComparison.Ordinal) => $"{bytes / 1024} KiB",
        long bytes when option.EndsWith("Bytes", StringComparison.Ordinal) => $"{bytes / (1024 * 1024)} MiB",
        int count => count.ToString(CultureInfo.InvariantCulture),
        TimeSpan time => $"{time.TotalSeconds} s",
        Enum choice => choice.ToString(),
        IReadOnlyList<ProtocolVersion> versions => string.Join(", ", versions.Select(version => $"{version.Major}.{version.Minor}")),
        null or ICollection { Count: 0 } => "none",
        _ => null,
    };
}

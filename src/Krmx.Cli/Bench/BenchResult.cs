using System.Globalization;
using System.Text;
using System.Text.Json;
using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.Cli.Bench;

/// <summary>What a load has shown.</summary>
/// <param name="Options">What the load was.</param>
/// <param name="Connecting">How long it took to connect all clients.</param>
/// <param name="Linking">How long it took to link them.</param>
/// <param name="Load">What was measured.</param>
/// <param name="Check">What came of each message; null where clients have no sessions.</param>
/// <param name="Cutter">What came of cut connections; null where none was cut.</param>
internal sealed record BenchResult(
    BenchOptions Options, TimeSpan Connecting, TimeSpan Linking, LoadResult Load, DeliveryCheck? Check, Cutter? Cutter)
{
    private static readonly (string Name, double Part)[] Percentiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)];
    private static readonly (string Name, double Part)[] OfAway = [.. Percentiles.Where(percentile => percentile.Name is "p50" or "p99")];

    /// <summary>What is wrong with what came, in words; null where it is not known that anything is.</summary>
    public string? Flaw => Check is { IsFlawless: false } check ? $"not every message came to every client once and in order: {Count(check)}" : null;

    public override string ToString()
    {
        var text = new StringBuilder();
        Row("connected", $"{Options.Clients:N0} clients in {Connecting.TotalSeconds:F2} s");
        Row("linked", $"all in {Linking.TotalSeconds:F2} s");
        Row("deliveries", $"{Load.DeliveriesPerSecond:N0} a second, {Load.Deliveries:N0} in {Load.Seconds:F1} s");
        if (Load.ServerCpuSeconds is double cpu)
            Row("server", $"{100 * cpu / Load.Seconds:N0}% of a core, {Load.DeliveriesPerCpuSecond:N0} deliveries per CPU second");
        string latencies = string.Join("  ", Percentiles.Select(p => Invariant($"{p.Name} {Load.Latencies.Milliseconds(p.Part):F2} ms")));
        Row("latency", $"{latencies}");
        if (Cutter is not null)
        {
            string away = Cutter.Away.Count == 0 ? "" : Invariant($"; away p50 {Cutter.Away.Milliseconds(0.5):F2} ms  p99 {Cutter.Away.Milliseconds(0.99):F2} ms");
            Row("cut", $"{Cutter.Cut:N0} connections; {Cutter.Recovered:N0} links recovered, {Cutter.Anew:N0} began anew{away}");
        }
        if (Check is not null)
            Row("arrived", $"{Check.Sent:N0} messages at {Options.Clients:N0} clients; {Count(Check)}");
        return text.ToString().TrimEnd();

        void Row(string name, FormattableString value) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-12}{Invariant(value)}");
    }

    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("url", Options.Uri.ToString());
            writer.WriteNumber("clients", Options.Clients);
            writer.WriteNumber("senders", Options.Senders);
            if (Options.Rate is int rate)
                writer.WriteNumber("rate", rate);
            else
                writer.WriteNumber("window", Options.Window);
            writer.WriteNumber("messageBytes", Options.MessageLength);
            writer.WriteNumber("connectSeconds", Connecting.TotalSeconds);
            writer.WriteNumber("linkSeconds", Linking.TotalSeconds);
            writer.WriteNumber("seconds", Load.Seconds);
            writer.WriteNumber("deliveries", Load.Deliveries);
            writer.WriteNumber("deliveriesPerSecond", Load.DeliveriesPerSecond);
            if (Load.ServerCpuSeconds is double cpu)
                writer.WriteNumber("serverCpuSeconds", cpu);
            WritePercentiles(writer, "latencyMilliseconds", Load.Latencies, Percentiles);
            if (Cutter is not null)
            {
                writer.WriteNumber("cutEverySeconds", Options.CutPeriod!.Value.TotalSeconds);
                writer.WriteNumber("cut", Cutter.Cut);
                writer.WriteNumber("recovered", Cutter.Recovered);
                writer.WriteNumber("begunAnew", Cutter.Anew);
                WritePercentiles(writer, "awayMilliseconds", Cutter.Away, OfAway);
            }
            if (Check is not null)
            {
                writer.WriteNumber("sent", Check.Sent);
                writer.WriteNumber("lost", Check.Lost);
                writer.WriteNumber("doubled", Check.Doubled);
                writer.WriteNumber("outOfOrder", Check.OutOfOrder);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WritePercentiles(Utf8JsonWriter writer, string name, Latencies latencies, (string Name, double Part)[] percentiles)
    {
        writer.WriteStartObject(name);
        foreach ((string percentile, double part) in percentiles)
        {
            if (latencies.Milliseconds(part) is var milliseconds && double.IsNaN(milliseconds))
                writer.WriteNull(percentile);
            else
                writer.WriteNumber(percentile, milliseconds);
        }
        writer.WriteEndObject();
    }

    private static string Count(DeliveryCheck check) => Invariant($"{check.Lost:N0} lost, {check.Doubled:N0} doubled, {check.OutOfOrder:N0} out of order");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

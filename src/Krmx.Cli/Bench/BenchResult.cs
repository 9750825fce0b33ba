using System.Globalization;
using System.Text;
using System.Text.Json;
using Krmx.Load.Loads;

namespace Krmx.Cli.Bench;

/// <summary>What a load has shown.</summary>
internal sealed record BenchResult(BenchOptions Options, TimeSpan Connecting, TimeSpan Linking, LoadResult Load)
{
    private static readonly (string Name, double Part)[] Percentiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)];

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
            writer.WriteStartObject("latencyMilliseconds");
            foreach ((string name, double part) in Percentiles)
            {
                if (Load.Latencies.Milliseconds(part) is var milliseconds && double.IsNaN(milliseconds))
                    writer.WriteNull(name);
                else
                    writer.WriteNumber(name, milliseconds);
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

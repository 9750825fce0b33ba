using System.Globalization;
using System.Text.Json;

namespace Krmx.State;

/// <summary>How a state stands among what a room has written down: as a whole, with the version of its type, or as the delta to what it was before.</summary>
internal static class StateChange
{
    /// <summary>Writes a state as a whole.</summary>
    public static void WriteWhole(Utf8JsonWriter writer, int version, JsonTree state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version"u8, version);
        writer.WritePropertyName("state"u8);
        state.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes what has changed of a state.</summary>
    public static void WriteDelta(Utf8JsonWriter writer, JsonTree delta)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("delta"u8);
        delta.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>Whether a change tells what differs from the state before.</summary>
    public static bool IsDelta(JsonTree change) => change["delta"] is not null;

    /// <summary>The version of the type that a change as a whole was written with.</summary>
    public static int VersionOf(JsonTree change) => int.Parse(change["version"]!.Text!, CultureInfo.InvariantCulture);

    /// <summary>The state after a change.</summary>
    /// <exception cref="JsonDeltaException">The delta was made for another state.</exception>
    public static JsonTree Apply(JsonTree before, JsonTree change) =>
        change["delta"] is JsonTree delta ? JsonDelta.Apply(before, delta, int.MaxValue) : change["state"]!;
}

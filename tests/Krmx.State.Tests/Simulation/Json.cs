using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>JSON as the naive model reads and writes it.</summary>
internal static class Json
{
    public static JsonElement? Of(in KrmxAction action) => action.HasPayload ? JsonElement.Parse(action.Payload.Span) : null;

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, KrmxJson.Options);
}

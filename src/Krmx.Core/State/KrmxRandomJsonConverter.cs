using System.Text.Json;
using System.Text.Json.Serialization;

namespace Krmx.State;

/// <summary>
/// Writes a source of chance as <c>{"a":1,"b":2,"c":3,"d":4}</c>, which is what JavaScript makes of that of <c>@krmx/state</c>.
/// </summary>
/// <remarks>
/// Numbers are written from 0 to 2³² - 1; JavaScript may have them as signed, so those are read too. Public only because generated contexts
/// must be able to reach it.
/// </remarks>
public sealed class KrmxRandomJsonConverter : JsonConverter<KrmxRandom>
{
    /// <inheritdoc/>
    public override KrmxRandom Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        uint? a = null, b = null, c = null, d = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("a"u8))
                a = ReadWord(ref reader);
            else if (reader.ValueTextEquals("b"u8))
                b = ReadWord(ref reader);
            else if (reader.ValueTextEquals("c"u8))
                c = ReadWord(ref reader);
            else if (reader.ValueTextEquals("d"u8))
                d = ReadWord(ref reader);
            else
                reader.Skip();
        }
        return a is not null && b is not null && c is not null && d is not null
            ? new KrmxRandom(a.Value, b.Value, c.Value, d.Value)
            : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, KrmxRandom value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("a"u8, value.A);
        writer.WriteNumber("b"u8, value.B);
        writer.WriteNumber("c"u8, value.C);
        writer.WriteNumber("d"u8, value.D);
        writer.WriteEndObject();
    }

    private static uint ReadWord(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long word) && word is >= int.MinValue and <= uint.MaxValue
            ? unchecked((uint)word)
            : throw new JsonException();
    }
}

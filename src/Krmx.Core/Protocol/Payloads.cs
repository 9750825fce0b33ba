using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Reads the small payloads of the protocol's own messages.</summary>
internal static class Payloads
{
    /// <summary>Reads a string member of an object; null where the payload is no such object. Never throws.</summary>
    public static string? ReadString(ReadOnlySpan<byte> payload, string name)
    {
        Utf8JsonReader value = default;
        try
        {
            var reader = new Utf8JsonReader(payload, FrameReader.AnyDepth);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isWanted = reader.ValueTextEquals(name);
                reader.Read();
                if (isWanted)
                    value = reader;
                reader.Skip();
            }
            return value.TokenType == JsonTokenType.String ? value.GetString() : null;
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return null;
        }
    }
}

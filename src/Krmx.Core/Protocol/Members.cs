using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Reads the members of payloads that travel in ordinary messages: the reader stands at the name of one.</summary>
internal static class Members
{
    /// <summary>Ids of peers are echoed, so they are kept short.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Reads a value that must be a text.</summary>
    public static bool TryReadText(ref Utf8JsonReader reader, out string? text)
    {
        reader.Read();
        text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text is not null;
    }

    /// <summary>Reads a value as it stands there.</summary>
    public static ReadOnlyMemory<byte> ReadValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}

using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Reads the text of one frame (protocol section 2); whatever the bytes are, it answers and never throws.</summary>
public static class FrameReader
{
    /// <summary>The nesting a frame may have where no other limit is given: 64 levels, the frame's own object counted.</summary>
    public const int DefaultMaxDepth = 64;

    /// <summary>For payloads: the frame around them was read within the depth limit already.</summary>
    internal static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Reads a frame's text.</summary>
    /// <param name="utf8">The text in UTF-8; the message's payload is a slice of it.</param>
    /// <param name="maxDepth">The nesting allowed, the frame's own object counted; at least 1.</param>
    /// <param name="message">The message, where the answer is true.</param>
    /// <returns>Whether the text is a message.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, int maxDepth, out KrmxMessage message)
    {
        message = default;
        if (!IsUtf8(utf8.Span))
            return false;
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = maxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;

            // Of members that stand twice the last wins, so nothing is decoded before the end is reached.
            Utf8JsonReader type = default;
            ReadOnlyMemory<byte> payload = default;
            bool isVolatile = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isType = NameIs(ref reader, "type"u8);
                bool isPayload = !isType && NameIs(ref reader, "payload"u8);
                bool isMark = !isType && !isPayload && NameIs(ref reader, "volatile"u8);
                reader.Read();
                if (isType)
                    type = reader;
                else if (isMark)
                    isVolatile = reader.TokenType == JsonTokenType.True;
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isPayload)
                    payload = utf8[start..(int)reader.BytesConsumed];
            }
            reader.Read(); // throws when something follows the object
            if (type.TokenType != JsonTokenType.String)
                return false;
            message = new KrmxMessage(type.GetString()!, payload, isVolatile);
            return true;
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return false;
        }
    }

    /// <summary>Whether a text is exactly one JSON value, nested no deeper than <see cref="DefaultMaxDepth"/>.</summary>
    internal static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        if (!IsUtf8(utf8))
            return false;
        try
        {
            // One level less: the frame around the payload is one.
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DefaultMaxDepth - 1 });
            if (!reader.Read())
                return false;
            while (reader.Read())
            {
            }
            return true;
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return false;
        }
    }

    /// <summary>JsonException: not JSON. InvalidOperationException: a string with a lone surrogate.</summary>
    internal static bool IsUnreadable(Exception error) => error is JsonException or InvalidOperationException;

    internal static bool NameIs(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false; // a member whose name has a lone surrogate is an unknown member, and those are ignored
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> text)
    {
#if NET
        return System.Text.Unicode.Utf8.IsValid(text);
#else
        try
        {
            FrameWriter.Text.GetCharCount(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
#endif
    }
}

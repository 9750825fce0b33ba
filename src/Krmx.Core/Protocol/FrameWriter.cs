using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Writes messages as the text of one frame (protocol section 2).</summary>
public static class FrameWriter
{
    /// <summary>Escape what JSON demands and no more: frames are never embedded in HTML.</summary>
    internal static readonly JavaScriptEncoder Escaping = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private const int MaxPlainLength = 64;

    /// <summary>UTF-8 that refuses what is not.</summary>
    internal static readonly Encoding Text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a message; its payload is copied byte for byte.</summary>
    /// <exception cref="ArgumentException">The type has a lone surrogate.</exception>
    public static byte[] Write(in KrmxMessage message) => Write(message, message.IsVolatile);

    /// <summary>Writes a message, whether or not it came as one that may be lost.</summary>
    internal static byte[] Write(in KrmxMessage message, bool isVolatile)
    {
        Span<byte> plain = stackalloc byte[MaxPlainLength];
        ReadOnlySpan<byte> type = TryWritePlain(message.Type, plain, out int length)
            ? plain[..length]
            : JsonEncodedText.Encode(message.Type, Escaping).EncodedUtf8Bytes;
        ReadOnlySpan<byte> end = isVolatile ? ",\"volatile\":true}"u8 : "}"u8;
        return message.HasPayload
            ? Concat("{\"type\":\""u8, type, "\",\"payload\":"u8, message.Payload.Span, end)
            : Concat("{\"type\":\""u8, type, "\""u8, default, end);
    }

    /// <summary>Writes a short text that JSON holds as it is, which the types of messages usually are, without an allocation.</summary>
    private static bool TryWritePlain(string text, Span<byte> utf8, out int length)
    {
        length = text.Length;
        if (length > utf8.Length)
            return false;
        for (int i = 0; i < length; i++)
        {
            char c = text[i];
            if (c is < ' ' or > '~' or '"' or '\\')
                return false;
            utf8[i] = (byte)c;
        }
        return true;
    }

    internal static byte[] Write(string type, string member, string value) =>
        Concat(
            Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"payload\":{{\"{member}\":\""),
            JsonEncodedText.Encode(value, Escaping).EncodedUtf8Bytes,
            "\"}}"u8,
            default,
            default);

    private static byte[] Concat(
        ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ReadOnlySpan<byte> e)
    {
        byte[] frame = new byte[a.Length + b.Length + c.Length + d.Length + e.Length];
        Span<byte> rest = frame;
        Append(a, ref rest);
        Append(b, ref rest);
        Append(c, ref rest);
        Append(d, ref rest);
        Append(e, ref rest);
        return frame;
    }

    private static void Append(ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Krmx.Protocol;

namespace Krmx.State;

/// <summary>Text escaped as JavaScript's encodeURI does it: UTF-8 bytes as %XX, reserved characters as they are.</summary>
internal static class PercentText
{
    /// <summary>What encodeURI never escapes, so that its inverse leaves their escapes alone.</summary>
    private const string Reserved = ";/?:@&=+$,#";

    public static bool TryDecode(ReadOnlySpan<char> escaped, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var decoded = new StringBuilder(escaped.Length);
        Span<byte> bytes = stackalloc byte[4];
        while (true)
        {
            int plain = escaped.IndexOf('%');
            decoded.Append(plain < 0 ? escaped : escaped[..plain]);
            if (plain < 0)
                break;
            escaped = escaped[plain..];
            int count = 0;
            do
            {
                if (count == bytes.Length || !TryReadByte(escaped, count, out bytes[count]))
                    return false;
            }
            while (++count < SequenceLength(bytes[0]));
            if (!TryAppend(decoded, bytes[..count], escaped[..(3 * count)]))
                return false;
            escaped = escaped[(3 * count)..];
        }
        text = decoded.ToString();
        return true;
    }

    private static bool TryReadByte(ReadOnlySpan<char> escaped, int index, out byte value)
    {
        value = 0;
        int at = 3 * index;
        if (escaped.Length < at + 3 || escaped[at] != '%' || !Uri.IsHexDigit(escaped[at + 1]) || !Uri.IsHexDigit(escaped[at + 2]))
            return false;
        value = (byte)((Uri.FromHex(escaped[at + 1]) << 4) | Uri.FromHex(escaped[at + 2]));
        return true;
    }

    private static bool TryAppend(StringBuilder decoded, ReadOnlySpan<byte> utf8, ReadOnlySpan<char> escape)
    {
        if (utf8.Length == 1 && Reserved.Contains((char)utf8[0], StringComparison.Ordinal))
        {
            decoded.Append(escape);
            return true;
        }
        try
        {
            decoded.Append(FrameWriter.Text.GetString(utf8));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>How many bytes belong to a character, by its first one.</summary>
    private static int SequenceLength(byte first) => first switch
    {
        < 0xC0 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };
}

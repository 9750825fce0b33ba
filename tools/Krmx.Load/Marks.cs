using System.Buffers.Text;
using System.Globalization;

namespace Krmx.Load;

/// <summary>
/// How a load's messages are found in what comes back, whatever the wire wraps around them: a mark, the sender's number, the time they were due,
/// and which of the sender's they are.
/// </summary>
internal static class Marks
{
    /// <summary>Stands in every message once, and in nothing else that is on the wires.</summary>
    public const byte Mark = (byte)'~';

    private const int SenderDigits = 4;
    private const int TimeDigits = 18;
    private const int NumberDigits = 11;

    /// <summary>The shortest message body.</summary>
    public const int MinLength = 1 + SenderDigits + TimeDigits + NumberDigits;

    /// <summary>A message body of a length.</summary>
    /// <param name="sender">The sender's number, up to 9999.</param>
    /// <param name="due">The timestamp at which it is due to be sent.</param>
    /// <param name="number">The message's number among those of its sender; 0 where they are not numbered.</param>
    /// <param name="length">How many characters; at least <see cref="MinLength"/>.</param>
    public static string Body(int sender, long due, long number, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{(char)Mark}{sender:D4}{due:D18}{number:D11}").PadRight(length, 'x');

    /// <summary>The sender of the message whose mark stands at the start.</summary>
    public static int Sender(ReadOnlySpan<byte> marked) => (int)Read(marked, 1, SenderDigits);

    /// <summary>When the message was due whose mark stands at the start.</summary>
    public static long Due(ReadOnlySpan<byte> marked) => Read(marked, 1 + SenderDigits, TimeDigits);

    /// <summary>The number of the message whose mark stands at the start.</summary>
    public static long Number(ReadOnlySpan<byte> marked) => Read(marked, 1 + SenderDigits + TimeDigits, NumberDigits);

    private static long Read(ReadOnlySpan<byte> marked, int start, int digits) =>
        marked.Length >= start + digits && Utf8Parser.TryParse(marked.Slice(start, digits), out long number, out int read) && read == digits
            ? number
            : throw new LoadException("a message came back changed");
}

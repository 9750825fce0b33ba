using System.Globalization;
using System.Text;

namespace Krmx.Diagnostics;

/// <summary>
/// A text that a peer chose, or had a part in, as logs show it: bounded in length, on one line, and without anything that a terminal would
/// obey. Costs nothing until it is shown.
/// </summary>
internal readonly struct PeerText(string text)
{
    /// <summary>How many UTF-16 units of a text are shown; behind them stands an ellipsis.</summary>
    public const int MaxLength = 200;

    public static implicit operator PeerText(string text) => new(text);

    public override string ToString()
    {
        var shown = new StringBuilder();
        int taken = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            taken += rune.Utf16SequenceLength;
            if (taken > MaxLength)
                return shown.Append('…').ToString();
            if (IsPlain(rune))
                shown.Append(rune);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }
        return shown.ToString();
    }

    /// <summary>Whether a character is seen where it stands, and changes nothing but that: it neither ends a line nor turns what follows around.</summary>
    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Krmx.State;

/// <summary>One change of a text patch, with the unchanged text around it.</summary>
/// <param name="Start">Where it begins, in UTF-16 units from zero, in the text as the hunks before left it.</param>
/// <param name="Lines">What is kept, removed and inserted, in order.</param>
internal sealed record TextHunk(int Start, List<(char Kind, string Text)> Lines)
{
    public const char Kept = ' ';
    public const char Removed = '-';
    public const char Inserted = '+';

    /// <summary>Reads a patch: hunks of one header line and a line for each piece of text.</summary>
    public static bool TryReadAll(string patch, [NotNullWhen(true)] out List<TextHunk>? hunks)
    {
        hunks = [];
        (int Old, int New) missing = default; // how much text the header announces beyond what was read
        ReadOnlySpan<char> rest = patch;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith("@@ -"))
            {
                if (missing != default || !TryReadHeader(line, out int start, out missing))
                    return false;
                hunks.Add(new TextHunk(start, []));
            }
            else if (!line.IsEmpty)
            {
                if (hunks.Count == 0 || line[0] is not (Kept or Removed or Inserted) || !PercentText.TryDecode(line[1..], out string? text))
                    return false;
                hunks[^1].Lines.Add((line[0], text));
                missing.Old -= line[0] == Inserted ? 0 : text.Length;
                missing.New -= line[0] == Removed ? 0 : text.Length;
            }
        }
        return missing == default;
    }

    /// <summary>
    /// Reads <c>@@ -12,3 +12,5 @@</c>: where and how long before and after. Positions count from one, unless the length is zero.
    /// </summary>
    private static bool TryReadHeader(ReadOnlySpan<char> line, out int start, out (int Old, int New) lengths)
    {
        start = 0;
        lengths = default;
        int middle = line.IndexOf(" +");
        return middle > 0
            && line.EndsWith(" @@")
            && TryReadRange(line[4..middle], out _, out lengths.Old)
            && TryReadRange(line[(middle + 2)..^3], out start, out lengths.New);
    }

    /// <summary>Reads <c>12,3</c>, or <c>12</c> for a length of one.</summary>
    private static bool TryReadRange(ReadOnlySpan<char> range, out int start, out int length)
    {
        length = 1;
        int comma = range.IndexOf(',');
        bool isRange = comma < 0
            ? TryReadNumber(range, out start)
            : TryReadNumber(range[..comma], out start) & TryReadNumber(range[(comma + 1)..], out length);
        start -= length == 0 ? 0 : 1;
        return isRange && start >= 0;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

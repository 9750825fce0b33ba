using System.Text;

namespace Krmx.Cli.Terminal;

/// <summary>Text of others, so that it cannot command the terminal.</summary>
internal static class Printable
{
    /// <summary>Writes control characters, and those that turn the direction of the text, as escapes.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var safe = new StringBuilder();
        foreach (char c in text)
            _ = IsUnsafe(c) ? safe.Append($"\\u{(int)c:x4}") : safe.Append(c);
        return safe.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}

namespace Krmx;

/// <summary>What .NET allows in a string and JSON text in UTF-8 cannot hold.</summary>
internal static class Utf16
{
    /// <summary>Whether a text has no lone surrogates.</summary>
    public static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }
}

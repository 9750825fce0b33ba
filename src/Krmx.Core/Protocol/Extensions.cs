using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>How extensions are named on the wire (protocol section 10).</summary>
internal static class Extensions
{
    public const string Presence = "presence";

    /// <summary>Reads an array of names; those that say nothing to us are left out.</summary>
    /// <param name="array">Where the array begins; a reader that has read nothing stands for none.</param>
    /// <param name="extensions">What they name.</param>
    /// <returns>False where it is no array of texts.</returns>
    /// <exception cref="InvalidOperationException">A text has a lone surrogate.</exception>
    public static bool TryRead(ref Utf8JsonReader array, out KrmxExtensions extensions)
    {
        extensions = KrmxExtensions.None;
        if (array.TokenType == JsonTokenType.None)
            return true;
        if (array.TokenType != JsonTokenType.StartArray)
            return false;
        while (array.Read() && array.TokenType == JsonTokenType.String)
        {
            if (array.GetString() == Presence)
                extensions |= KrmxExtensions.Presence;
        }
        return array.TokenType == JsonTokenType.EndArray;
    }
}

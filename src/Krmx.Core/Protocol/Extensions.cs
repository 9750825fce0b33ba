using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>How extensions are named on the wire (protocol section 10).</summary>
internal static class Extensions
{
    public const string Presence = "presence";
    public const string Resume = "resume";

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
            extensions |= array.GetString() switch
            {
                Presence => KrmxExtensions.Presence,
                Resume => KrmxExtensions.Resume,
                _ => KrmxExtensions.None,
            };
        }
        return array.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>Writes the member that names them; nothing where there are none.</summary>
    public static void Write(Utf8JsonWriter writer, KrmxExtensions extensions)
    {
        if (extensions == KrmxExtensions.None)
            return;
        writer.WriteStartArray("extensions"u8);
        if (extensions.HasFlag(KrmxExtensions.Presence))
            writer.WriteStringValue(Presence);
        if (extensions.HasFlag(KrmxExtensions.Resume))
            writer.WriteStringValue(Resume);
        writer.WriteEndArray();
    }
}

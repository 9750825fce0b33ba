using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Krmx.Fuzz;

/// <summary>What section 2 of the protocol says of a text, stated with a JSON document instead of a reader.</summary>
internal static class MessageOracle
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The message that a text is; null where it is none.</summary>
    public static (string Type, byte[]? Payload)? Read(byte[] text, int maxDepth)
    {
        using JsonDocument? document = Parse(text, maxDepth);
        if (document?.RootElement.ValueKind != JsonValueKind.Object)
            return null;
        JsonElement? type = LastMember(document.RootElement, "type");
        JsonElement? payload = LastMember(document.RootElement, "payload");
        return type is JsonElement member && TextOf(member) is string name
            ? (name, payload is JsonElement value ? JsonMarshal.GetRawUtf8Value(value).ToArray() : null)
            : null;
    }

    /// <summary>The last member of that name; one whose own name is no text has none.</summary>
    public static JsonElement? LastMember(JsonElement element, string name)
    {
        JsonElement? last = null;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            try
            {
                if (member.Name == name)
                    last = member.Value;
            }
            catch (InvalidOperationException)
            {
            }
        }
        return last;
    }

    /// <summary>A string's text; null where it is no string, or has a lone surrogate.</summary>
    public static string? TextOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonDocument? Parse(byte[] text, int maxDepth)
    {
        try
        {
            Utf8.GetCharCount(text);
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }
}

using System.Text.Json;

namespace Krmx.Conformance.Harness;

/// <summary>Frames as text: written in full, and read in the short notation of the rules.</summary>
internal static class Wire
{
    public static string Link(string username, string version, string? auth = null)
    {
        string authMember = auth is null ? "" : $",\"auth\":{Quote(auth)}";
        return $$$"""{"type":"krmx/link","payload":{"username":{{{Quote(username)}}},"version":{{{Quote(version)}}}{{{authMember}}}}}""";
    }

    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>A custom message, its payload as it is.</summary>
    public static string Text(string type, string? payload)
    {
        string quoted = type.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return payload is null ? $$"""{"type":"{{quoted}}"}""" : $$"""{"type":"{{quoted}}","payload":{{payload}}}""";
    }

    /// <summary>
    /// "accepted", "rejected: REASON", "joined NAME" and so on for the protocol's own frames with exactly the members they ought to have;
    /// any other frame as it is.
    /// </summary>
    public static string Describe(string frame)
    {
        if (frame.StartsWith("close ", StringComparison.Ordinal))
            return frame;
        JsonElement message = Parse(frame);
        if (!TryGetText(message.GetProperty("type"), out string type))
            return frame;
        bool hasPayload = message.TryGetProperty("payload", out JsonElement payload);
        if (message.GetPropertyCount() != (hasPayload ? 2 : 1))
            return frame;
        return DescribeOwn(type, hasPayload ? payload : null) ?? Text(type, hasPayload ? payload.GetRawText() : null);
    }

    /// <summary>Parses what a server sent, however deep it is.</summary>
    public static JsonElement Parse(string json) => JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 10_000 });

    private static bool TryGetText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = ""; // a lone surrogate
            return false;
        }
    }

    private static string? DescribeOwn(string type, JsonElement? payload)
    {
        if (type == "krmx/accepted" && payload is null)
            return "accepted";
        if (!type.StartsWith("krmx/", StringComparison.Ordinal) || payload is not { ValueKind: JsonValueKind.Object } members)
            return null;
        (string member, string separator) = type == "krmx/rejected" ? ("reason", ": ") : ("username", " ");
        return members.GetPropertyCount() == 1 && members.TryGetProperty(member, out JsonElement value)
            ? type["krmx/".Length..] + separator + value.GetString()
            : null;
    }
}

using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>Writes messages that carry requests and answers.</summary>
internal static class RequestFrames
{
    public static byte[] Ask(string id, in KrmxMessage request)
    {
        using JsonBuffer json = Begin(RequestMessageTypes.Ask, id);
        json.Writer.WriteString("type"u8, request.Type);
        WritePayload(json.Writer, request.Payload.Span);
        return json.EndMessage();
    }

    public static byte[] Answer(string id, ReadOnlySpan<byte> payload)
    {
        using JsonBuffer json = Begin(RequestMessageTypes.Answer, id);
        WritePayload(json.Writer, payload);
        return json.EndMessage();
    }

    public static byte[] Refuse(string id, string reason)
    {
        using JsonBuffer json = Begin(RequestMessageTypes.Refuse, id);
        json.Writer.WriteString("reason"u8, reason);
        return json.EndMessage();
    }

    private static JsonBuffer Begin(string type, string id)
    {
        var json = new JsonBuffer();
        json.BeginMessage(type);
        json.Writer.WriteString("id"u8, id);
        return json;
    }

    /// <summary>Adds a payload byte for byte; one that is empty is left out.</summary>
    private static void WritePayload(Utf8JsonWriter writer, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return;
        writer.WritePropertyName("payload"u8);
        writer.WriteRawValue(payload, skipInputValidation: true);
    }
}

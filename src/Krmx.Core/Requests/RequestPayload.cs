using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>The payload of a message that carries a request or an answer, taken apart; what is not there is null or empty.</summary>
internal struct RequestPayload
{
    public string? Type;
    public string? Reason;
    public ReadOnlyMemory<byte> Payload;

    private string? _id;

    public readonly string Id => _id!;

    /// <summary>Reads a payload. Never throws.</summary>
    /// <returns>Whether the payload is an object with an id, and each of its members that is known has the right kind of value.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, out RequestPayload payload)
    {
        payload = default;
        try
        {
            var reader = new Utf8JsonReader(json.Span, FrameReader.AnyDepth);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && payload.TryReadMembers(ref reader, json)
                && payload._id is { Length: <= Members.MaxIdLength };
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return false;
        }
    }

    private bool TryReadMembers(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadMember(ref reader, json))
                return false;
        }
        return true;
    }

    private bool TryReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.ValueTextEquals("id"u8))
            return Members.TryReadText(ref reader, out _id);
        if (reader.ValueTextEquals("type"u8))
            return Members.TryReadText(ref reader, out Type);
        if (reader.ValueTextEquals("reason"u8))
            return Members.TryReadText(ref reader, out Reason);
        bool isPayload = reader.ValueTextEquals("payload"u8);
        ReadOnlyMemory<byte> value = Members.ReadValue(ref reader, json);
        if (isPayload)
            Payload = value;
        return true;
    }
}

using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.State;

/// <summary>The payload of a message that carries shared state, taken apart; what is not there is null or empty.</summary>
/// <remarks>One reader for all of them: they have their members in common, and each message demands its own.</remarks>
internal struct StatePayload
{
    public string? Domain;
    public string? Key;
    public string? Dispatcher;
    public string? OptimisticId;
    public string? Reason;
    public bool? IsAccepted;
    public ReadOnlyMemory<byte> Atom;
    public ReadOnlyMemory<byte> Projection;
    public ReadOnlyMemory<byte> Delta;
    public KrmxAction? Action;

    /// <summary>Reads a payload. Never throws.</summary>
    /// <returns>Whether the payload is an object, and each of its members that is known has the right kind of value.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, out StatePayload payload)
    {
        payload = default;
        try
        {
            var reader = new Utf8JsonReader(json.Span, FrameReader.AnyDepth);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && payload.ReadMembers(ref reader, json)
                && payload.OptimisticId is not { Length: > Members.MaxIdLength };
        }
        catch (Exception error) when (FrameReader.IsUnreadable(error))
        {
            return false;
        }
    }

    private bool ReadMembers(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!ReadMember(ref reader, json))
                return false;
        }
        return true;
    }

    private bool ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.ValueTextEquals("domain"u8))
            return Members.TryReadText(ref reader, out Domain);
        if (reader.ValueTextEquals("key"u8))
            return Members.TryReadText(ref reader, out Key);
        if (reader.ValueTextEquals("dispatcher"u8))
            return Members.TryReadText(ref reader, out Dispatcher);
        if (reader.ValueTextEquals("optimisticId"u8))
            return Members.TryReadText(ref reader, out OptimisticId);
        if (reader.ValueTextEquals("reason"u8))
            return Members.TryReadText(ref reader, out Reason);
        if (reader.ValueTextEquals("accepted"u8))
        {
            reader.Read();
            IsAccepted = reader.TokenType == JsonTokenType.True;
            return reader.TokenType is JsonTokenType.True or JsonTokenType.False;
        }
        if (reader.ValueTextEquals("event"u8) || reader.ValueTextEquals("action"u8))
            return TryReadAction(ref reader, json);
        if (reader.ValueTextEquals("atom"u8))
            Atom = Members.ReadValue(ref reader, json);
        else if (reader.ValueTextEquals("projection"u8))
            Projection = Members.ReadValue(ref reader, json);
        else if (reader.ValueTextEquals("delta"u8))
            Delta = Members.ReadValue(ref reader, json);
        else
            Members.ReadValue(ref reader, json);
        return true;
    }

    private bool TryReadAction(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        string? type = null;
        ReadOnlyMemory<byte> payload = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("payload"u8))
                payload = Members.ReadValue(ref reader, json);
            else if (!reader.ValueTextEquals("type"u8))
                Members.ReadValue(ref reader, json);
            else if (!Members.TryReadText(ref reader, out type))
                return false;
        }
        Action = type is null ? null : new KrmxAction(type, payload);
        return type is not null;
    }
}

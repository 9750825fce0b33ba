using System.Buffers;
using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>Writes down whom a turn has sent what, beside what it has changed, so that a room can be read again as it was seen.</summary>
/// <remarks>Frames that may be lost are not written down.</remarks>
public static class RoomHistory
{
    internal const string Sent = "sent";
    internal const string SeatsGone = "seats gone";
    internal const string To = "to";
    internal const string Some = "some";
    internal const string All = "all";
    internal const string Except = "except";
    internal const string Seat = "seat";
    internal const string Unseat = "unseat";

    /// <summary>Adds what a turn sends to what it has changed.</summary>
    /// <param name="record">What it has changed; null for nothing.</param>
    /// <param name="effects">What it does to the world.</param>
    /// <param name="isFirst">Whether it is the first that is written since the room was made, when nobody has a seat.</param>
    /// <returns>Both; null where there is nothing of either.</returns>
    public static ReadOnlyMemory<byte>? Add(ReadOnlyMemory<byte>? record, ReadOnlySpan<RoomEffect> effects, bool isFirst)
    {
        bool hasSent = false;
        foreach (ref readonly RoomEffect effect in effects)
            hasSent |= IsHistory(effect);
        if (record is null && !hasSent)
            return null;
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = FrameWriter.Escaping, SkipValidation = true });
        writer.WriteStartArray();

        // What stands between the brackets, as it is.
        if (record is { Length: > 2 } changes)
            writer.WriteRawValue(changes.Span[1..^1], skipInputValidation: true);
        if (isFirst)
            WriteSeatsGone(writer);
        foreach (ref readonly RoomEffect effect in effects)
        {
            if (!IsHistory(effect))
                continue;
            writer.WriteStartArray();
            writer.WriteStringValue(Sent);
            Write(writer, effect);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.Flush();
        return bytes.WrittenMemory;
    }

    private static bool IsHistory(in RoomEffect effect) => !effect.IsVolatile && effect.Kind is RoomEffectKind.Send or RoomEffectKind.SendPicture or RoomEffectKind.SendToSome
        or RoomEffectKind.Broadcast or RoomEffectKind.BroadcastExcept or RoomEffectKind.Seat or RoomEffectKind.Unseat;

    private static void WriteSeatsGone(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(SeatsGone);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, in RoomEffect effect)
    {
        switch (effect.Kind)
        {
            case RoomEffectKind.Send:
                Begin(writer, To, effect.Connection);
                writer.WriteRawValue(effect.Frame.Span, skipInputValidation: true);
                break;
            case RoomEffectKind.SendPicture:
                Begin(writer, To, effect.Connection);
                foreach (ReadOnlyMemory<byte> frame in effect.Frames)
                    writer.WriteRawValue(frame.Span, skipInputValidation: true);
                break;
            case RoomEffectKind.SendToSome:
                writer.WriteStringValue(Some);
                writer.WriteRawValue(effect.Frame.Span, skipInputValidation: true);
                foreach (ConnectionId connection in effect.Connections)
                    writer.WriteStringValue(connection.ToString());
                break;
            case RoomEffectKind.Broadcast:
                writer.WriteStringValue(All);
                writer.WriteNumberValue((int)effect.Audience);
                writer.WriteRawValue(effect.Frame.Span, skipInputValidation: true);
                break;
            case RoomEffectKind.BroadcastExcept:
                Begin(writer, Except, effect.Connection);
                writer.WriteRawValue(effect.Frame.Span, skipInputValidation: true);
                break;
            case RoomEffectKind.Seat:
                Begin(writer, Seat, effect.Connection);
                writer.WriteNumberValue((int)effect.Audience);
                writer.WriteStringValue(effect.Username);
                break;
            case RoomEffectKind.Unseat:
                Begin(writer, Unseat, effect.Connection);
                break;
        }
    }

    private static void Begin(Utf8JsonWriter writer, string kind, ConnectionId connection)
    {
        writer.WriteStringValue(kind);
        writer.WriteStringValue(connection.ToString());
    }
}

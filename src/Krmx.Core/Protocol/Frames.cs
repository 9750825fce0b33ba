using System.Text;
using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>The frames that are always the same.</summary>
internal static class Frames
{
    public static byte[] Accepted { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Accepted));

    public static byte[] AcceptedWithPresence { get; } = FrameWriter.Write(
        new KrmxMessage(MessageTypes.Accepted, Encoding.UTF8.GetBytes($$"""{"extensions":["{{Extensions.Presence}}"]}""")));

    /// <summary>What a link with a session is answered.</summary>
    /// <param name="extensions">What it has.</param>
    /// <param name="session">Its session.</param>
    /// <param name="recovered">Whether that is the one that it named; null where it named none.</param>
    /// <param name="received">How much of what its client sent in the one that it named was handled; null where that is not known.</param>
    public static byte[] AcceptedWithSession(KrmxExtensions extensions, long session, bool? recovered, long? received)
    {
        using var frame = new JsonBuffer();
        Utf8JsonWriter writer = frame.Writer;
        frame.BeginMessage(MessageTypes.Accepted);
        Extensions.Write(writer, extensions);
        writer.WriteNumber("session"u8, session);
        if (recovered is bool isRecovered)
            writer.WriteBoolean("recovered"u8, isRecovered);
        if (received is long count)
            writer.WriteNumber("received"u8, count);
        return frame.EndMessage();
    }

    /// <summary>How much was handled in all, and how much was sent before this.</summary>
    public static byte[] Ack(long received, long sent) =>
        Encoding.UTF8.GetBytes($$$"""{"type":"{{{MessageTypes.Ack}}}","payload":{"received":{{{received}}},"sent":{{{sent}}}}}""");

    public static byte[] Ready { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Ready));

    public static byte[] Unlink { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Unlink));

    public static byte[] Leave { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Leave));
}

using System.Text;

namespace Krmx.Protocol;

/// <summary>The frames that are always the same.</summary>
internal static class Frames
{
    public static byte[] Accepted { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Accepted));

    public static byte[] AcceptedWithPresence { get; } = FrameWriter.Write(
        new KrmxMessage(MessageTypes.Accepted, Encoding.UTF8.GetBytes($$"""{"extensions":["{{Extensions.Presence}}"]}""")));

    public static byte[] Ready { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Ready));

    public static byte[] Unlink { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Unlink));

    public static byte[] Leave { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Leave));
}

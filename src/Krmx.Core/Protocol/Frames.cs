namespace Krmx.Protocol;

/// <summary>The frames that are always the same.</summary>
internal static class Frames
{
    public static byte[] Accepted { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Accepted));

    public static byte[] Unlink { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Unlink));

    public static byte[] Leave { get; } = FrameWriter.Write(new KrmxMessage(MessageTypes.Leave));
}

namespace Krmx.Protocol;

/// <summary>A received frame, parsed: a message, or the fact that it was none.</summary>
/// <remarks>Parsing needs no state, so hosts do it where the bytes arrive, outside the turn.</remarks>
public readonly struct InboundFrame
{
    private InboundFrame(bool isValid, KrmxMessage message, int length)
    {
        IsValid = isValid;
        Message = message;
        Length = length;
    }

    /// <summary>Whether the frame was a message.</summary>
    public bool IsValid { get; }

    /// <summary>The message, where there is one.</summary>
    public KrmxMessage Message { get; }

    /// <summary>Whether it is a message that asks for a link, well formed or not.</summary>
    public bool IsLinkRequest => IsValid && Message.Type == MessageTypes.Link;

    /// <summary>How many bytes the frame's text had; what a pending link attempt's queue counts.</summary>
    public int Length { get; }

    /// <summary>Parses a text frame; never throws.</summary>
    /// <param name="utf8">The text. The frame keeps slices of it: the bytes must not change for as long as the application may hold the message.</param>
    /// <param name="maxDepth">The nesting allowed, the frame's own object counted.</param>
    public static InboundFrame Parse(ReadOnlyMemory<byte> utf8, int maxDepth = FrameReader.DefaultMaxDepth) =>
        new(FrameReader.TryRead(utf8, maxDepth, out KrmxMessage message), message, utf8.Length);

    /// <summary>A frame that can be no message: a binary one.</summary>
    /// <param name="length">How many bytes it had.</param>
    public static InboundFrame Invalid(int length) => new(false, default, length);
}

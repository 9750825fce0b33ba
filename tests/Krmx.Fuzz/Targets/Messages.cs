using Krmx.Protocol;
using static Krmx.Fuzz.PropertyBrokenException;

namespace Krmx.Fuzz;

/// <summary>Any bytes are a message or are none, as the oracle says, and what was read can be written and read again.</summary>
internal static class Messages
{
    private static readonly int[] SmallDepths = [1, 3];

    public static void Check(byte[] input)
    {
        byte[] before = [.. input];
        if (Check(input, FrameReader.DefaultMaxDepth))
        {
            foreach (int maxDepth in SmallDepths)
                Check(input, maxDepth);
        }
        ThrowUnless(input.AsSpan().SequenceEqual(before), "reading changed the bytes");
    }

    /// <returns>Whether the input is a message.</returns>
    private static bool Check(byte[] input, int maxDepth)
    {
        var frame = InboundFrame.Parse(input, maxDepth);
        ThrowUnless(frame.Length == input.Length, "the frame has another length than its bytes");
        if (MessageOracle.Read(input, maxDepth) is not var (type, payload))
        {
            ThrowUnless(!frame.IsValid, $"read a message that is none, with {maxDepth} levels");
            return false;
        }
        ThrowUnless(frame.IsValid, $"refused a message, with {maxDepth} levels");
        KrmxMessage message = frame.Message;
        ThrowUnless(message.Type == type, $"read the type '{message.Type}' instead of '{type}'");
        ThrowUnless(message.HasPayload == payload is not null, "took an absent payload for one that is there, or the other way");
        ThrowUnless(message.Payload.Span.SequenceEqual(payload), "the payload is not the bytes that came");

        var again = InboundFrame.Parse(FrameWriter.Write(message), maxDepth);
        ThrowUnless(again.IsValid && again.Message.Type == type, "what was written cannot be read again");
        ThrowUnless(again.Message.HasPayload == message.HasPayload, "writing lost the payload, or made one");
        ThrowUnless(again.Message.Payload.Span.SequenceEqual(payload), "writing changed the payload");
        return true;
    }
}

namespace Krmx;

/// <summary>What a client cannot tell after it came back and could not go on where it left off (protocol section 10). Plain data.</summary>
public sealed class KrmxGap
{
    internal KrmxGap(IReadOnlyList<KrmxMessage> unconfirmed) => Unconfirmed = unconfirmed;

    /// <summary>
    /// The client's own messages that it sent and whose fate it does not know, in order: each was handled, or is lost. None of them is sent again.
    /// </summary>
    public IReadOnlyList<KrmxMessage> Unconfirmed { get; }
}

namespace Krmx.State;

/// <summary>The types of the messages that carry shared state (protocol section 9).</summary>
internal static class StateMessageTypes
{
    public const string AtomSet = "atom/set";
    public const string AtomInvalidate = "atom/invalidate";
    public const string StreamAppend = "stream/append";
    public const string StreamInvalidate = "stream/invalidate";
    public const string ProjectionSet = "projection/set";
    public const string ProjectionAction = "projection/action";
    public const string ProjectionDelta = "projection/delta";
    public const string ProjectionInvalidate = "projection/invalidate";
}

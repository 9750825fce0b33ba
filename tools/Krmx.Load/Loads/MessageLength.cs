namespace Krmx.Load.Loads;

/// <summary>Makes messages as long on the wire as they are to be.</summary>
internal static class MessageLength
{
    /// <summary>How long a body must be for its message to have a length; as short as bodies can be where that is longer.</summary>
    public static int Body(IWire wire, int messageLength) =>
        Math.Max(Marks.MinLength, messageLength - wire.Message("").Length);
}

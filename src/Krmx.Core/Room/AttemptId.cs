using System.Globalization;

namespace Krmx.Rooms;

/// <summary>A server's name for a link attempt that is being authenticated; never used twice.</summary>
/// <param name="Value">Unique for the server's life.</param>
public readonly record struct AttemptId(long Value)
{
    /// <summary>The number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Krmx.Rooms;

/// <summary>A room's name for a link attempt that is being authenticated; never used twice.</summary>
public readonly record struct AttemptId
{
    /// <summary>Names an attempt.</summary>
    /// <param name="value">Unique for the room's life.</param>
    public AttemptId(long value) => Value = value;

    /// <summary>The number.</summary>
    public long Value { get; }

    /// <summary>The number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

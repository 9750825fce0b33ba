using System.Globalization;

namespace Krmx.Rooms;

/// <summary>A host's name for one of its connections; it means nothing outside that host.</summary>
/// <param name="Value">Unique among the connections of a server that are open.</param>
public readonly record struct ConnectionId(long Value)
{
    /// <summary>The number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

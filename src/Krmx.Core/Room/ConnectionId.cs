using System.Globalization;

namespace Krmx.Rooms;

/// <summary>A connection's name: never used twice, whatever gateway, process or machine it comes from.</summary>
public readonly record struct ConnectionId
{
    /// <summary>Names a connection.</summary>
    /// <param name="gateway">The gateway that has it: a number that no other has, not even the same one after a restart.</param>
    /// <param name="number">Its number at the gateway; no two connections have the same.</param>
    public ConnectionId(long gateway, long number)
    {
        Gateway = gateway;
        Number = number;
    }

    /// <summary>Names a connection where there is one gateway only.</summary>
    /// <param name="number">Its number.</param>
    public ConnectionId(long number)
        : this(0, number)
    {
    }

    /// <summary>The gateway that has the connection.</summary>
    public long Gateway { get; }

    /// <summary>The connection's number at the gateway.</summary>
    public long Number { get; }

    /// <summary>The number, behind that of the gateway where there are several.</summary>
    public override string ToString() => Gateway == 0
        ? Number.ToString(CultureInfo.InvariantCulture)
        : FormattableString.Invariant($"{Gateway:x}-{Number}");
}

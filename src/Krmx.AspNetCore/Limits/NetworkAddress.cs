using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Krmx.Limits;

/// <summary>What limits take for one address: an IPv4 address, or the first 64 bits of an IPv6 address, as whoever has one of these has them all.</summary>
internal readonly record struct NetworkAddress
{
    private readonly AddressFamily _family;
    private readonly ulong _network;

    private NetworkAddress(AddressFamily family, ulong network)
    {
        _family = family;
        _network = network;
    }

    /// <summary>The address of a peer; null where it has none, as behind a Unix socket.</summary>
    public static NetworkAddress? Of(IPAddress? address)
    {
        if (address is null)
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new NetworkAddress(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new NetworkAddress(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}

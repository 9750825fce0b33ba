using System.Net;

namespace Krmx.Limits;

/// <summary>How many connections an endpoint has, and how many of them are unlinked, in all and by address. Safe from any thread.</summary>
internal sealed class EndpointLoad(KrmxConnectionOptions options)
{
    private int _connections;
    private int _unlinked;

    /// <summary>The counts by address; null where nothing is limited by it.</summary>
    public AddressLoads? Addresses { get; } =
        options.MaxUnlinkedPerAddress > 0 || options.MaxRoomsPerAddress > 0 ? new AddressLoads(options) : null;

    /// <summary>Counts a connection in, where there is room for it.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="reason">Why it was not counted, where it was not.</param>
    /// <returns>Its place in the counts; null where it was not counted.</returns>
    public Admission? TryEnter(IPAddress? address, out RefusalReason reason)
    {
        reason = default;
        NetworkAddress? known = Addresses is null ? null : NetworkAddress.Of(address);
        if (Interlocked.Increment(ref _connections) > options.Max)
            reason = RefusalReason.TooManyConnections;
        else if (Interlocked.Increment(ref _unlinked) > options.MaxUnlinked)
            reason = RefusalReason.TooManyUnlinkedConnections;
        else if (known is NetworkAddress from && !Addresses!.TryAddUnlinked(from))
            reason = RefusalReason.TooManyUnlinkedFromAddress;
        else
            return new Admission(this, known);
        if (reason != RefusalReason.TooManyConnections)
            Interlocked.Decrement(ref _unlinked);
        Leave();
        return null;
    }

    /// <summary>Counts a connection that is unlinked now; or, with -1, one that is not any more.</summary>
    public void AddUnlinked(NetworkAddress? address, int count)
    {
        Interlocked.Add(ref _unlinked, count);
        if (address is NetworkAddress known)
            Addresses!.AddUnlinked(known, count);
    }

    /// <summary>Counts a connection out that is not counted as unlinked.</summary>
    public void Leave() => Interlocked.Decrement(ref _connections);
}

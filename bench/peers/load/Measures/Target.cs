namespace Krmx.PeersBench.Measures;

/// <summary>What is demanded of our server beside a peer: how many times as good as it ours is, by the first figure.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Least">The least; 0 for none.</param>
/// <param name="Most">The most, where the peer is ours as well and must not be much worse; infinity for none.</param>
internal sealed record Target(string Peer, double Least, double Most = double.PositiveInfinity)
{
    public bool IsMet(double factor) => factor >= Least && factor <= Most;
}

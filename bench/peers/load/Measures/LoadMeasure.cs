using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>Is taken under a load, of servers in their steady state, over and over in turn: machines are not as fast in one minute as in the next.</summary>
internal abstract class LoadMeasure : IMeasure
{
    public abstract string Name { get; }

    public abstract string Title { get; }

    public abstract IReadOnlyList<string> Figures { get; }

    public abstract bool IsMoreBetter { get; }

    public abstract IReadOnlyList<Target> Targets { get; }

    /// <summary>How many clients each server has.</summary>
    public abstract int Clients { get; }

    /// <summary>Whether it is measured over TLS.</summary>
    public virtual bool IsEncrypted => false;

    public virtual bool AppliesTo(Peer peer) => peer.Name is not (Peer.Bare or Peer.WithPresence);

    public abstract ILoad CreateLoad(IWire wire);

    /// <returns>A value for each figure.</returns>
    public abstract double[] FiguresOf(LoadResult result);
}

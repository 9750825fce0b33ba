using Krmx.Load;

namespace Krmx.PeersBench.Measures;

/// <summary>What 2,000 users who do nothing cost: the growth of the resident memory over a server that has served a few and is empty.</summary>
internal sealed class Memory : IMeasureOfOne
{
    private const int Users = 2000, Before = 10;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    public string Name => "memory";

    public string Title => $"{Users:N0} idle users in one room";

    public IReadOnlyList<string> Figures { get; } = ["resident memory per user (KB)", "empty server (MB)"];

    public bool IsMoreBetter => false;

    public IReadOnlyList<Target> Targets { get; } = [new(Peer.SignalR, 1)];

    // The original takes minutes to link as many.
    public bool AppliesTo(Peer peer) => peer.Name is not (Peer.Npm or Peer.WithPresence);

    public async Task<IReadOnlyList<double[]>> TakeAsync(Peer peer, PeerServer server)
    {
        using (Fleet before = await ConnectAsync(Before, first: Users))
            await Task.Delay(Rest);
        await Task.Delay(Rest);
        long empty = server.Probe.ResidentBytes;
        using Fleet fleet = await ConnectAsync(Users, first: 0);
        await Task.Delay(Rest);
        return [[(server.Probe.ResidentBytes - empty) / 1024.0 / Users, empty / 1024.0 / 1024]];

        async Task<Fleet> ConnectAsync(int count, int first)
        {
            var fleet = new Fleet(server.Address, peer.Wire, count, (_, _) => { }, first);
            await fleet.ConnectAsync();
            await fleet.GetReadyAsync();
            return fleet;
        }
    }
}

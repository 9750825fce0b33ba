using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>2,000 users, connected already, link at once; the time until all have seen all linked.</summary>
internal sealed class Linking : IMeasureOfOne
{
    private const int Users = 2000;

    public string Name => "linking";

    public string Title => $"{Users:N0} users link at once";

    public IReadOnlyList<string> Figures { get; } = ["until all have seen all (s)", "CPU of the server (s)", "frames (thousands)"];

    public bool IsMoreBetter => false;

    public IReadOnlyList<Target> Targets { get; } = [new(Peer.Npm, 20)];

    public bool AppliesTo(Peer peer) => peer.Wire is KrmxWire { Resumes: false };

    public async Task<IReadOnlyList<double[]>> TakeAsync(Peer peer, PeerServer server)
    {
        var storm = new LinkStorm((KrmxWire)peer.Wire, Users);
        using var fleet = new Fleet(server.Address, peer.Wire, Users, storm.Handle);
        await fleet.ConnectAsync();
        double cpu = server.Probe.CpuSeconds;
        TimeSpan time = await storm.RunAsync(fleet);
        return [[time.TotalSeconds, server.Probe.CpuSeconds - cpu, storm.Frames / 1000.0]];
    }
}

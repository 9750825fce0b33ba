using System.Diagnostics;
using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.PeersBench.Measures;

/// <summary>What it costs that 100 users come back who have missed 100 messages: the upgrades, what they are sent, and what the others are told.</summary>
internal sealed class Returning(int users, int rounds) : IMeasureOfOne
{
    private const int Away = 100, Missed = 100;

    public string Name => users == 200 ? "returning" : $"returning-{users}";

    public string Title => $"{Away} of {users:N0} users come back after {Missed} missed messages";

    public IReadOnlyList<string> Figures { get; } = ["CPU of the server for each (µs)", "until all are back (ms)", "frames to all (thousands)"];

    public bool IsMoreBetter => false;

    public IReadOnlyList<Target> Targets { get; } = [];

    public bool AppliesTo(Peer peer) => peer.Name is Peer.Ours or Peer.WithPresence or Peer.WithSessions;

    public async Task<IReadOnlyList<double[]>> TakeAsync(Peer peer, PeerServer server)
    {
        var load = new MassReturn((KrmxWire)peer.Wire, users, Away, Missed);
        using var fleet = new Fleet(server.Address, peer.Wire, users, load.Handle);
        await fleet.ConnectAsync();
        await fleet.GetReadyAsync();
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < peer.WarmUp)
            await load.RunAsync(fleet, server: null);
        var figures = new List<double[]>();
        while (figures.Count < rounds)
        {
            MassReturnResult result = await load.RunAsync(fleet, server.Probe);
            figures.Add([1_000_000 * result.ServerCpuSeconds!.Value / Away, result.Time.TotalMilliseconds, result.Frames / 1000.0]);
        }
        return figures;
    }
}

// Measures Krmx for .NET beside its peers. Called by run.sh, which builds, pins this program to a core and says what to measure.
using System.Globalization;
using System.Runtime.InteropServices;
using Krmx.Load;
using Krmx.PeersBench;
using Krmx.PeersBench.Measures;

if (args.Length != 7)
{
    Console.Error.WriteLine("usage: Krmx.PeersBench ARTIFACTS PEERS COMMIT ROUNDS SECONDS PEER,… MEASURE,…; 'all' for all of them. Use run.sh.");
    return 2;
}
(string artifacts, string folder, string commit) = (args[0], args[1], args[2]);
int rounds = int.Parse(args[3], CultureInfo.InvariantCulture);
TimeSpan duration = TimeSpan.FromSeconds(int.Parse(args[4], CultureInfo.InvariantCulture)), warmUp = duration;
string[] wantedPeers = args[5].Split(','), wantedMeasures = args[6].Split(',');

IMeasure[] measures =
[
    new Throughput(200, 1, 8, warmUp, duration, (Peer.SignalR, 5), (Peer.Npm, 15), (Peer.Kestrel, 4)),
    new Throughput(200, 8, 1, warmUp, duration, (Peer.SignalR, 5), (Peer.Npm, 15), (Peer.Kestrel, 4)),
    new Throughput(200, 1, 1, warmUp, duration, (Peer.SignalR, 2.5), (Peer.Npm, 1.7), (Peer.Kestrel, 1.4)),
    new Throughput(2000, 1, 4, warmUp, duration, (Peer.SignalR, 5), (Peer.Npm, 5)),
    new Throughput(2000, 4, 1, warmUp, duration, (Peer.SignalR, 5), (Peer.Npm, 5)),
    new Latency(warmUp, duration),
    new Linking(),
    new Memory(),
    new Rooms(),
];
var results = new List<string>();
foreach (IMeasure measure in measures.Where(m => IsWanted(m.Name, wantedMeasures)))
{
    var table = new Table(measure);
    int wanted = measure.Varies ? rounds : 1;
    for (int round = 1; round <= wanted; round++)
    {
        foreach (Peer peer in Peer.All(artifacts, folder).Where(p => IsWanted(p.Name, wantedPeers) && measure.AppliesTo(p)))
        {
            // The original takes minutes to link 2,000 users.
            if (peer.Name == Peer.Npm && round > 1 && measure.Name.StartsWith("2000", StringComparison.Ordinal))
                continue;
            Console.Error.WriteLine($"round {round} of {wanted}: {measure.Title}, {peer.Name}");
            try
            {
                table.Add(peer, await MeasureAsync(measure, peer));
            }
            catch (LoadException error)
            {
                Console.Error.WriteLine($"  {error.Message}");
            }
        }
    }
    Console.Error.WriteLine(table);
    results.Add(table.ToString());
}

Console.WriteLine(
    $"""
    # Beside the others

    Measured on {DateTime.UtcNow:yyyy-MM-dd} at commit {commit}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.
    The server has one core and the load another; each measurement starts a server anew, warms it up for {warmUp.TotalSeconds} s where messages are
    sent, and then takes {duration.TotalSeconds} s; it is repeated if others used more than a tenth of a core meanwhile. Rounds are interleaved,
    and the figures are their medians. Messages have 100 bytes on their way to
    the server. "Ours is" compares the first figure. [peers/README.md](peers/README.md) says what is measured and how to repeat it.

    """);
Console.WriteLine(string.Join("\n", results).TrimEnd());
return 0;

static async Task<double[]> MeasureAsync(IMeasure measure, Peer peer)
{
    const int Attempts = 5;
    for (int attempt = 1; attempt <= Attempts; attempt++)
    {
        await Machine.UntilQuietAsync();
        await using PeerServer server = await PeerServer.StartAsync(peer);
        (double[] figures, bool isDisturbed) = await Machine.WatchAsync(server, () => measure.TakeAsync(peer, server));
        if (!isDisturbed)
            return figures;
        Console.Error.WriteLine("  somebody else used the processor meanwhile; again");
    }
    throw new LoadException($"the machine was never quiet for long enough, in {Attempts} attempts");
}

static bool IsWanted(string name, string[] wanted) => wanted.Contains("all") || wanted.Contains(name);

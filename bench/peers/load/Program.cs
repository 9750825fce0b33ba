// Measures Krmx for .NET beside its peers. Called by run.sh, which builds, pins this program to a core and says what to measure.
using System.Globalization;
using System.Runtime.InteropServices;
using Krmx.Load;
using Krmx.PeersBench;
using Krmx.PeersBench.Measures;

if (args.Length != 9)
{
    Console.Error.WriteLine(
        "usage: Krmx.PeersBench ARTIFACTS PEERS COMMIT BEFORE-ARTIFACTS BEFORE-COMMIT ROUNDS SECONDS PEER,… MEASURE,…; 'all' for all of them. Use run.sh.");
    return 2;
}
(string artifacts, string folder, string commit) = (args[0], args[1], args[2]);
(string? before, string beforeCommit) = (args[3] is "" ? null : args[3], args[4]);
int rounds = int.Parse(args[5], CultureInfo.InvariantCulture);
var duration = TimeSpan.FromSeconds(int.Parse(args[6], CultureInfo.InvariantCulture));
string[] wantedPeers = args[7].Split(','), wantedMeasures = args[8].Split(',');
string floor = $"{artifacts}/kernel-floor";

// With sessions no more than a twentieth of the speed may go.
var withSessions = new Target(Peer.WithSessions, 0, Most: 1 / 0.95);
using var certificate = new Certificate(artifacts);

IMeasure[] measures =
[
    new Throughput(
        200, 1, 8, isEncrypted: false, new(Peer.Kernel, 0.82), new(Peer.SignalR, 5), new(Peer.Npm, 15), new(Peer.Kestrel, 4), withSessions),
    new Throughput(200, 8, 1, isEncrypted: false, new(Peer.SignalR, 5), new(Peer.Npm, 15), new(Peer.Kestrel, 4)),
    new Throughput(200, 1, 1, isEncrypted: false, new(Peer.Kernel, 0.9), new(Peer.SignalR, 2.5), new(Peer.Npm, 1.7), new(Peer.Kestrel, 1.4)),
    new Throughput(2000, 1, 4, isEncrypted: false, new(Peer.Kernel, 0.9), new(Peer.SignalR, 5), new(Peer.Npm, 5)),
    new Throughput(200, 1, 8, isEncrypted: true),
    new Throughput(200, 1, 1, isEncrypted: true),
    new Throughput(2000, 1, 4, isEncrypted: true),
    new Latency(),
    new Linking(),
    new Returning(200, rounds),
    new Returning(2000, rounds),
    new Memory(),
    new Rooms(),
];
var results = new List<string>();
foreach (IMeasure measure in measures.Where(m => IsWanted(m.Name, wantedMeasures)))
{
    var table = new Table(measure);
    Peer[] peers = [.. Peer.All(artifacts, before, folder).Where(p => IsWanted(p.Name, wantedPeers) && measure.AppliesTo(p))];
    if (measure is LoadMeasure load)
        await TakeInTurnAsync(load, peers, table);
    else
        await TakeOneByOneAsync((IMeasureOfOne)measure, peers, table);
    Console.Error.WriteLine(table);
    results.Add(table.ToString());
}

string ofBefore = before is null ? "" : $"\n`{Peer.Before}` is commit {beforeCommit}.";
Console.WriteLine(
    $"""
    # Beside the others

    Measured on {DateTime.UtcNow:yyyy-MM-dd} at commit {commit}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.{ofBefore}
    The server has one core and the load another. Under a load each server is warmed up until it gets no faster; then all take turns of
    {duration.TotalSeconds} s, {rounds} each, and the figures are medians of the turns. What others disturbed by more than a tenth of a core is
    repeated. Messages have 100 bytes on their way to the server. "Ours is" compares the first figure.
    [peers/README.md](peers/README.md) says what is measured and how to repeat it.

    """);
Console.WriteLine(string.Join("\n", results).TrimEnd());
return 0;

async Task TakeInTurnAsync(LoadMeasure measure, Peer[] peers, Table table)
{
    var loaded = new List<LoadedPeer>();
    try
    {
        foreach (Peer peer in peers)
        {
            Console.Error.WriteLine($"{measure.Title}: {peer.Name} warms up");
            try
            {
                loaded.Add(await LoadedPeer.StartAsync(peer, measure, certificate));
            }
            catch (LoadException error)
            {
                Console.Error.WriteLine($"  {error.Message}");
            }
        }
        for (int round = 1; round <= rounds; round++)
        {
            Console.Error.WriteLine($"{measure.Title}: round {round} of {rounds}");
            foreach (LoadedPeer peer in loaded)
                table.Add(peer.Peer.Name, await TakeUndisturbedAsync(peer.Server, () => peer.TakeAsync(duration)));
            if (measure is Throughput { IsEncrypted: false } throughput && IsWanted(Peer.Kernel, wantedPeers) && File.Exists(floor))
            {
                await Machine.UntilQuietAsync();
                table.Add(Peer.Kernel, await throughput.TakeFloorAsync(floor, duration));
            }
        }
    }
    finally
    {
        foreach (LoadedPeer peer in loaded)
            await peer.DisposeAsync();
    }
}

async Task TakeOneByOneAsync(IMeasureOfOne measure, Peer[] peers, Table table)
{
    foreach (Peer peer in peers)
    {
        Console.Error.WriteLine($"{measure.Title}: {peer.Name}");
        try
        {
            await Machine.UntilQuietAsync();
            await using PeerServer server = await PeerServer.StartAsync(peer, certificate: null);
            foreach (double[] figures in await measure.TakeAsync(peer, server))
                table.Add(peer.Name, figures);
        }
        catch (LoadException error)
        {
            Console.Error.WriteLine($"  {error.Message}");
        }
    }
}

static async Task<double[]> TakeUndisturbedAsync(PeerServer server, Func<Task<double[]>> take)
{
    const int Attempts = 5;
    for (int attempt = 1; attempt <= Attempts; attempt++)
    {
        await Machine.UntilQuietAsync();
        (double[] figures, bool isDisturbed) = await Machine.WatchAsync(server, take);
        if (!isDisturbed)
            return figures;
        Console.Error.WriteLine("  somebody else used the processor meanwhile; again");
    }
    throw new LoadException($"the machine was never quiet for long enough, in {Attempts} attempts");
}

static bool IsWanted(string name, string[] wanted) => wanted.Contains("all") || wanted.Contains(name);

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Krmx.FaultPeer;
using Krmx.FunctionalTests.Faults.Processes;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A durable server is killed again and again under clients with sessions, and started again on its port and store: nothing is lost or doubled.</summary>
[Collection(nameof(WholeMachine))]
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan InSuite = TimeSpan.FromMinutes(1);

    /// <summary>How long the explicit tests take: <c>docs/reliability.md</c> has the figures.</summary>
    private static TimeSpan ByHand => TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("KRMX_KILL_MINUTES") ?? "60", CultureInfo.InvariantCulture));

    [Fact]
    public Task Sqlite_LosesAndDoublesNothing() => OverSqliteAsync(new Load(Rooms: 4, Writers: 10, Pause: 250, InSuite));

    [Fact]
    public Task PostgreSql_LosesAndDoublesNothing() => OverPostgreSqlAsync(new Load(Rooms: 4, Writers: 10, Pause: 250, InSuite));

    [Fact(Explicit = true)]
    public Task SqliteForLong_LosesAndDoublesNothing() => OverSqliteAsync(new Load(Rooms: 20, Writers: 10, Pause: 1000, ByHand));

    [Fact(Explicit = true)]
    public Task PostgreSqlForLong_LosesAndDoublesNothing() => OverPostgreSqlAsync(new Load(Rooms: 20, Writers: 10, Pause: 1000, ByHand));

    private async Task OverSqliteAsync(Load load)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("krmx-kill-");
        try
        {
            await KillAsync("sqlite", $"Data Source={Path.Combine(folder.FullName, "rooms.db")}", load);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task OverPostgreSqlAsync(Load load)
    {
        await using var server = new PostgreSqlServer();
        await server.InitializeAsync();
        await KillAsync("postgresql", server.ConnectionString, load);
    }

    private async Task KillAsync(string store, string connection, Load load)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var server = new KilledServer(store, connection);
        await server.StartAsync();
        await using LedgerCrowd crowd = await LedgerCrowd.LinkAsync(server.UriOf, load.Rooms, load.Writers);
        await crowd.TalkAsync(TimeSpan.FromMilliseconds(load.Pause));

        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < load.Time)
        {
            await Task.Delay(random.Next(1000, 5000));
            await server.KillAsync();
            await server.StartAsync();
        }
        long last = Stopwatch.GetTimestamp();
        await Patience.Until(async () => (await crowd.StatesAsync()).All(static state => state.IsLinked), "all are linked again");
        TimeSpan allBack = Stopwatch.GetElapsedTime(last);
        Dictionary<string, LedgerContent> ledgers = await crowd.RestAsync(server.ReadAsync);
        WriterState[] states = await crowd.StatesAsync();

        // What is stored, and not what the last process had in memory.
        await server.KillAsync();
        await server.StartAsync();
        foreach ((string room, LedgerContent ledger) in ledgers)
            Assert.Equivalent(ledger, await server.ReadAsync(room), strict: true);
        output.WriteLine(
            $"{store}, {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s: {server.Kills} kills under {states.Length} clients in {load.Rooms} rooms; " +
            $"{ledgers.Values.Sum(static ledger => ledger.Lines.Length):N0} lines, {states.Sum(static state => state.Said):N0} of them said or asked; " +
            $"{states.Sum(static state => (long)state.Last - state.First):N0} heard; {states.Sum(static state => state.Marked):N0} dispatches; " +
            $"{states.Sum(static state => state.Recovered):N0} resumes, {states.Sum(static state => state.Refused):N0} requests refused for a restart; " +
            $"the server was away for {server.LongestAbsence.TotalSeconds:F1} s at most, a client, over several kills, for {states.Max(static state => state.SlowestReturn) / 1000:F1} s; " +
            $"all were linked again {allBack.TotalSeconds:F1} s after the last start");
        Assert.All(states, static state => Assert.True(state.Recovered > 0, state.ToString()));
    }

    private readonly record struct Load(int Rooms, int Writers, int Pause, TimeSpan Time);

    /// <summary>A durable server on one port and one store, a process after the other.</summary>
    private sealed class KilledServer(string store, string connection) : IAsyncDisposable
    {
        private readonly HttpClient _http = new() { Timeout = Patience.Limit };
        private PeerProcess? _process;
        private long? _killed;

        public int Kills { get; private set; }

        public TimeSpan LongestAbsence { get; private set; }

        public Uri UriOf(string room) => new($"ws://127.0.0.1:{_process!.Port}/rooms/{room}");

        public async Task StartAsync()
        {
            _process = await PeerProcess.StartDurableServerAsync(_process?.Port ?? 0, store, connection);
            if (_killed is long killed && Stopwatch.GetElapsedTime(killed) is TimeSpan absence && absence > LongestAbsence)
                LongestAbsence = absence;
        }

        public async Task KillAsync()
        {
            await _process!.SendAsync(Signal.Kill);
            _killed = Stopwatch.GetTimestamp();
            Kills++;
            await _process.WaitForExitAsync();
            Assert.Empty(await _process.Errors.Soon());
            await _process.DisposeAsync();
        }

        public async Task<LedgerContent> ReadAsync(string room) =>
            (await _http.GetFromJsonAsync<LedgerContent>($"http://127.0.0.1:{_process!.Port}/ledgers/{room}"))!;

        public async ValueTask DisposeAsync()
        {
            await _process!.DisposeAsync();
            _http.Dispose();
        }
    }
}

using System.Diagnostics;
using Krmx.State;
using Krmx.Storage;

namespace Krmx.DurableBench;

/// <summary>Turns a second and their latency: as many rooms as there are, each with one turn under way at any time, which sets a value and is waited for until it is stored.</summary>
internal static class Throughput
{
    private const int Rounds = 5;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(List<StoreKind> stores)
    {
        Console.WriteLine("| store | rooms | | turns/s | p50 ms | p99 ms | of the bare store |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (StoreKind store in stores)
        {
            foreach (int rooms in new[] { 1, 100, 1000 })
            {
                var results = new List<(Result Bare, Result Confirmed, Result Relaxed, Result None)>();
                for (int round = 0; round < Rounds; round++)
                {
                    results.Add((
                        await BareAsync(store, rooms),
                        await RoomsAsync(store, rooms, KrmxDurability.Confirmed),
                        await RoomsAsync(store, rooms, KrmxDurability.Relaxed),
                        await RoomsAsync(store, rooms, KrmxDurability.None)));
                }
                Print(store.Name, rooms, "bare store", results.ConvertAll(static round => (round.Bare, round.Bare)));
                Print(store.Name, rooms, "confirmed", results.ConvertAll(static round => (round.Confirmed, round.Bare)));
                Print(store.Name, rooms, "relaxed", results.ConvertAll(static round => (round.Relaxed, round.Bare)));
                Print(store.Name, rooms, "none", results.ConvertAll(static round => (round.None, round.Bare)));
            }
        }
    }

    private static void Print(string store, int rooms, string what, List<(Result Result, Result Bare)> rounds)
    {
        double Median(Func<Result, Result, double> figure) => rounds.Select(round => figure(round.Result, round.Bare)).Order().ElementAt(Rounds / 2);
        Console.WriteLine(
            $"| {store} | {rooms:N0} | {what} | {Median((result, _) => result.PerSecond):N0} | {Median((result, _) => result.Percentile(50)):N2} | " +
            $"{Median((result, _) => result.Percentile(99)):N2} | {Median((result, bare) => result.PerSecond / bare.PerSecond):N2} |");
    }

    /// <summary>The same turns, in commits of all rooms together, one after the other.</summary>
    private static async Task<Result> BareAsync(StoreKind kind, int rooms)
    {
        await using IRoomStore store = kind.Create();
        RoomKey[] keys = [.. Enumerable.Range(0, rooms).Select(i => new RoomKey($"/bare/{Guid.NewGuid()}", $"room {i}"))];
        long[] epochs = new long[rooms];
        for (int i = 0; i < rooms; i++)
            epochs[i] = (await store.OpenAsync(keys[i], DateTimeOffset.UtcNow)).Epoch;
        byte[] bytes = new byte[60]; // as a turn that sets a value
        var latencies = new List<double>();
        long number = 0, counted = 0, began = Stopwatch.GetTimestamp(), measured = 0;
        while (Stopwatch.GetElapsedTime(began) < Warmup + Duration)
        {
            number++;
            RoomCommit[] commits = [.. keys.Select((key, i) => new RoomCommit
            {
                Room = key,
                Epoch = epochs[i],
                Turns = [new StoredTurn(number, bytes)],
                Time = DateTimeOffset.UtcNow,
            })];
            long start = Stopwatch.GetTimestamp();
            await store.CommitAsync(commits);
            if (Stopwatch.GetElapsedTime(began) < Warmup)
            {
                measured = Stopwatch.GetTimestamp();
                continue;
            }
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            counted += rooms;
        }
        return new Result(counted / Stopwatch.GetElapsedTime(measured).TotalSeconds, latencies);
    }

    private static async Task<Result> RoomsAsync(StoreKind kind, int rooms, KrmxDurability durability)
    {
        var values = new Dictionary<KrmxRoom, KrmxValue<int>>();
        await using Server server = await Server.StartAsync(kind.Use(), durability, room =>
        {
            KrmxValue<int> value = room.AddValue("count", 0);
            lock (values)
                values[room] = value;
        });
        string prefix = Guid.NewGuid().ToString();
        KrmxRoom[] all = await Task.WhenAll(Enumerable.Range(0, rooms).Select(i => server.Rooms.CreateAsync($"{prefix} {i}")));
        long began = Stopwatch.GetTimestamp();
        (int Count, List<double> Latencies)[] loads = await Task.WhenAll(all.Select(room => Task.Run(() => LoadAsync(room, values[room], began))));
        return new Result(loads.Sum(static load => (long)load.Count) / Duration.TotalSeconds, [.. loads.SelectMany(static load => load.Latencies)]);
    }

    private static async Task<(int Count, List<double> Latencies)> LoadAsync(KrmxRoom room, KrmxValue<int> value, long began)
    {
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(began) < Warmup + Duration)
        {
            long start = Stopwatch.GetTimestamp();
            await room.InvokeAsync(() => value.Value++);
            if (Stopwatch.GetElapsedTime(began, start) >= Warmup)
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (latencies.Count, latencies);
    }

    private sealed class Result(double perSecond, List<double> latencies)
    {
        private readonly double[] _sorted = [.. latencies.Order()];

        public double PerSecond => perSecond;

        public double Percentile(int percent) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Min(_sorted.Length - 1, _sorted.Length * percent / 100)];
    }
}

using System.Diagnostics;
using Krmx.State;

namespace Krmx.DurableBench;

/// <summary>What rooms at rest cost, and how long one takes that is woken.</summary>
internal static class Waking
{
    private const int Rooms = 100_000;

    public static async Task RunAsync(StoreKind store)
    {
        await RestAsync(store);
        await WakeAsync(store);
    }

    private static async Task RestAsync(StoreKind store)
    {
        await using Server server = await Server.StartAsync(store.Use(), KrmxDurability.Confirmed);
        await PutToRestAsync(server, 0, 1000);
        long before = Memory();
        await PutToRestAsync(server, 1000, Rooms);
        Console.WriteLine();
        Console.WriteLine(
            $"With 1,000 rooms at rest the process holds {before / 1024.0 / 1024:N1} MiB of managed memory, with {Rooms:N0} {Memory() / 1024.0 / 1024:N1} MiB; {server.Rooms.List().Count} are open.");
    }

    private static async Task PutToRestAsync(Server server, int from, int to)
    {
        for (int i = from; i < to; i += 500)
        {
            await Task.WhenAll(Enumerable.Range(i, Math.Min(500, to - i)).Select(async number =>
            {
                KrmxRoom room = await server.Rooms.CreateAsync($"rest {number}");
                await room.InvokeAsync(() => room.Join("alice"));
                await server.Rooms.CloseAsync($"rest {number}");
            }));
        }
    }

    private static async Task WakeAsync(StoreKind store)
    {
        KrmxValue<string[]>? value = null;
        await using Server server = await Server.StartAsync(store.Use(), KrmxDurability.Confirmed, room => value = room.AddValue<string[]>("text", []));
        KrmxRoom room = await server.Rooms.CreateAsync("large");
        await room.InvokeAsync(() => value!.Value = [.. Enumerable.Range(0, 1024).Select(static i => new string((char)('a' + (i % 26)), 1020))]);
        var times = new List<double>();
        for (int i = 0; i < 21; i++)
        {
            await server.Rooms.CloseAsync("large");
            long began = Stopwatch.GetTimestamp();
            room = await server.Rooms.CreateAsync("large");
            await room.InvokeAsync(() => value!.Value.Length);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        Console.WriteLine();
        Console.WriteLine($"A room of {(await server.Rooms.ListStoredAsync()).Single(static room => room.Room.Name == "large").Bytes / 1024.0 / 1024:N2} MiB wakes in {times.Order().ElementAt(10):N1} ms (median of 21; the first took {times[0]:N1} ms).");
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

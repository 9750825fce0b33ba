using System.Collections.Immutable;
using System.Diagnostics;
using Krmx.State;
using Krmx.Storage;

namespace Krmx.DurableBench;

/// <summary>What a turn costs that changes one item of a state, by how many items there are beside it.</summary>
internal static class StateSize
{
    private const int Turns = 2000;

    public static async Task RunAsync(StoreKind store)
    {
        Console.WriteLine();
        Console.WriteLine("| items | ms for a turn that changes one, median of 3 times 2,000 | bytes stored for it |");
        Console.WriteLine("| --- | --- | --- |");
        foreach (int items in new[] { 10, 1000 })
        {
            (double Time, double Bytes)[] rounds = [await MeasureAsync(store, items), await MeasureAsync(store, items), await MeasureAsync(store, items)];
            (double time, double bytes) = rounds.OrderBy(static round => round.Time).ElementAt(1);
            Console.WriteLine($"| {items:N0} | {time:N3} | {bytes:N0} |");
        }
    }

    private static async Task<(double Time, double Bytes)> MeasureAsync(StoreKind store, int items)
    {
        KrmxValue<Board>? board = null;
        await using Server server = await Server.StartAsync(store.Use(), KrmxDurability.Confirmed, room => board = room.AddValue(
            "board", new Board([.. Enumerable.Range(0, items).Select(static i => new Note($"note {i}", i, "some text"))])));
        KrmxRoom room = await server.Rooms.CreateAsync(Guid.NewGuid().ToString());
        await ChangeAsync(room, board!, 200);
        long began = Stopwatch.GetTimestamp();
        await ChangeAsync(room, board!, Turns);
        double time = Stopwatch.GetElapsedTime(began).TotalMilliseconds / Turns;
        IReadOnlyList<StoredTurn> last = await server.Store.ReadTurnsAsync((await server.Rooms.ListStoredAsync()).Single().Room, 0, Turns);
        return (time, last.TakeLast(100).Average(static turn => turn.Bytes.Length));
    }

    private static async Task ChangeAsync(KrmxRoom room, KrmxValue<Board> board, int turns)
    {
        for (int i = 0; i < turns; i++)
            await room.InvokeAsync(() => board.Update(static now => now with { Notes = now.Notes.SetItem(5, now.Notes[5] with { Place = now.Notes[5].Place + 1 }) }));
    }

    internal sealed record Note(string Id, int Place, string Text);

    internal sealed record Board(ImmutableList<Note> Notes);
}

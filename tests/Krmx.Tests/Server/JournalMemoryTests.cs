using System.Globalization;

namespace Krmx.Tests.Server;

/// <summary>What ten thousand rooms keep, in each of which somebody is away while more is said than may be kept.</summary>
[Collection(nameof(WholeMachine))]
public sealed class JournalMemoryTests(ITestOutputHelper output)
{
    private const int Rooms = 10_000, Messages = 40;
    private const string Type = "said";

    private static readonly string Text = new('x', 500);
    private static readonly int MessageBytes = $$"""{"type":"{{Type}}","payload":"{{Text}}"}""".Length;

    /// <summary>For what a room needs to keep messages, besides their bytes.</summary>
    private const int MostAroundThem = 8 * 1024;

    [Theory, FullRunOnly]
    [InlineData(16 * 1024, 4096)]
    [InlineData(1024 * 1024, 32)]
    public void Journals_StayWithinTheirCaps(int maxBytes, int maxEntries)
    {
        RecordedServer[] rooms = [.. Enumerable.Range(0, Rooms).Select(_ => RoomWithOneAway(maxBytes, maxEntries))];
        int most = Math.Min(maxBytes / MessageBytes, maxEntries);
        Assert.InRange(most, 2, Messages - 1);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (RecordedServer room in rooms)
        {
            for (int i = 1; i <= Messages; i++)
            {
                room.Give(_ => room.Server.Broadcast(Type, Text));
                Assert.InRange(room.Server.JournalBytes, Math.Min(i, most) * MessageBytes, Math.Min(maxBytes, (long)maxEntries * MessageBytes));
            }
            Assert.Equal(most * MessageBytes, room.Server.JournalBytes);
            Assert.Contains("session bob Overflowed", room.Take());
        }

        long kept = rooms.Sum(room => room.Server.JournalBytes);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rooms:N0} rooms that keep {maxBytes:N0} bytes and {maxEntries:N0} messages at most, {Messages} messages of {MessageBytes} bytes in each: " +
            $"{kept / 1e6:F1} MB are kept, managed memory grew by {grown / 1e6:F1} MB"));
        Assert.InRange(grown, kept, kept + (Rooms * (long)MostAroundThem));

        // With the last session all of it goes.
        foreach (RecordedServer room in rooms)
        {
            room.Give(_ => room.Server.Unlink("alice"));
            room.Take();
        }
        Assert.Equal(0, rooms.Sum(room => room.Server.JournalBytes));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Rooms * (long)MostAroundThem);
    }

    /// <summary>A room with alice, who never says what she has had, and bob, whose connection was lost.</summary>
    private static RecordedServer RoomWithOneAway(int maxBytes, int maxEntries)
    {
        var room = new RecordedServer(new KrmxRoomOptions { Sessions = { MaxJournalBytes = maxBytes, MaxJournalEntries = maxEntries } });
        foreach ((int connection, string username) in ((int, string)[])[(1, "alice"), (2, "bob")])
        {
            room.Open(connection);
            room.Receive(
                connection,
                $$$$"""{"type":"krmx/link","payload":{"username":"{{{{username}}}}","version":"0.6.0","extensions":["resume"],"resume":{"key":"0123456789abcdef","attempt":1}}}""");
        }
        room.Close(2);
        room.Take();
        return room;
    }
}

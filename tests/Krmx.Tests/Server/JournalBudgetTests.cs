using Krmx.Rooms;
using Krmx.Simulation;

namespace Krmx.Tests.Server;

/// <summary>What several rooms keep for those who are away, together (protocol section 10).</summary>
public sealed class JournalBudgetTests
{
    private const string Frame = """{"type":"x","payload":"0123456789"}""";
    private static readonly KrmxMessage Message = KrmxMessage.Create("x", "0123456789");

    [Fact]
    public void RoomThatKeepsMuch_TakesNothingFromOneThatKeepsLittle()
    {
        var journals = new JournalBudget(maxBytes: 80 * Frame.Length, maxRooms: 10);
        RecordedServer much = Away(journals), little = Away(journals);
        Broadcast(much, 100);
        Assert.Contains("session alice Overflowed", much.Take());
        Assert.InRange(much.Server.JournalBytes + journals.Used, 0, 40 * Frame.Length);

        // The other half of 80 for ten rooms.
        much = Away(journals);
        Broadcast(much, 40);
        Assert.True(much.Server.FindUser("alice")!.IsReachable);
        Broadcast(little, 4);
        Assert.Equal(4 * Frame.Length, little.Server.JournalBytes);
        Assert.True(little.Server.FindUser("alice")!.IsReachable);
        Broadcast(little, 1);
        Assert.Equal(["session alice Overflowed"], little.Take());
        Assert.True(much.Server.FindUser("alice")!.IsReachable);
    }

    [Fact]
    public void RoomThatCloses_KeepsNothing()
    {
        var journals = new JournalBudget(maxBytes: 80 * Frame.Length, maxRooms: 10);
        RecordedServer room = Away(journals);
        Broadcast(room, 3);
        Assert.Equal(3 * Frame.Length, journals.Used);
        room.Give(static input => input.Close());
        Assert.Equal(0, journals.Used);
    }

    [Fact]
    public void WhatAllKeep_NeverExceedsTheBudget()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var rng = new Rng(seed);
            int max = (10 + rng.Below(200)) * Frame.Length;
            var journals = new JournalBudget(max, maxRooms: 10);
            RecordedServer[] rooms = [.. Enumerable.Range(0, 10).Select(_ => Away(journals))];
            for (int step = 0; step < 500; step++)
            {
                RecordedServer room = rooms[rng.Below(3) == 0 ? rng.Below(10) : 0];
                Broadcast(room, 1 + rng.Below(20));
                if (rng.OneIn(10))
                    room.Give(input => input.Advance(TimeSpan.FromHours(step + 1)));
                if (room.Server.FindUser("alice") is not { IsReachable: true })
                    rooms[Array.IndexOf(rooms, room)] = Away(journals);
                Assert.InRange(journals.Used, 0, max);
                Assert.Equal(rooms.Sum(each => each.Server.JournalBytes), journals.Used);
            }
        }
    }

    private static void Broadcast(RecordedServer room, int count) => room.Give(_ =>
    {
        for (int i = 0; i < count; i++)
            room.Server.Broadcast(Message);
    });

    private static RecordedServer Away(JournalBudget journals)
    {
        var server = new RecordedServer(journals: journals);
        server.Open(1);
        server.Receive(
            1,
            """{"type":"krmx/link","payload":{"username":"alice","version":"0.6.0","extensions":["resume"],"resume":{"key":"a key that nobody guesses","attempt":1}}}""");
        server.Close(1);
        server.Take();
        return server;
    }
}

namespace Krmx.Tests.Server;

/// <summary>Protocol section 10, "Resume": what a room owes to those who are away.</summary>
public sealed class SessionTests
{
    private const string Key = "a key that nobody guesses";

    [Fact]
    public void SoleSessionThatEnds_LeavesNothingToTell()
    {
        var server = new RecordedServer(new KrmxRoomOptions { Users = { PresenceInterval = TimeSpan.FromSeconds(5) } });
        Link(server, 1, attempt: 1);
        server.Input.Advance(TimeSpan.FromSeconds(5));
        server.Input.EndTurn();
        server.Server.Unlink("alice");
        Assert.Equal(TimeSpan.FromSeconds(5 + 120), server.Input.NextDue);
    }

    [Fact]
    public void MessageForEverybodyButTheSoleSession_IsNotKept()
    {
        RecordedServer server = Away();
        server.Server.BroadcastExcept("alice", "a");
        Assert.Equal(0, server.Server.JournalBytes);
        server.Server.Broadcast("b");
        Assert.Equal("""{"type":"b"}""".Length, server.Server.JournalBytes);
    }

    [Fact]
    public void StaleLinkOfOneWhoLeft_IsStale()
    {
        RecordedServer server = Away();
        server.Server.Kick("alice");
        Link(server, 2, attempt: 2);
        server.Take();
        Link(server, 3, attempt: 2, session: 1);
        Assert.Equal(["3: rejected stale link attempt", "rejected 3 StaleAttempt"], server.Take());
        Link(server, 4, attempt: 3, session: 1);
        Assert.Equal(["4: rejected user alice has left", "rejected 4 HasLeft"], server.Take());
    }

    [Fact]
    public void ChangeThatOverflowsASession_EndsItInTheSameTurn()
    {
        RecordedServer server = Away(new KrmxRoomOptions { Sessions = { MaxJournalEntries = 0 } });
        server.Give(_ => server.Server.Join("bob"));
        Assert.Equal(["join bob", "session alice Overflowed"], server.Take());
        Assert.False(server.Server.FindUser("alice")!.IsReachable);
    }

    /// <summary>A room with alice, whose connection was lost.</summary>
    private static RecordedServer Away(KrmxRoomOptions? options = null)
    {
        var server = new RecordedServer(options);
        Link(server, 1, attempt: 1);
        server.Close(1);
        server.Take();
        return server;
    }

    private static void Link(RecordedServer server, int connection, int attempt, int? session = null)
    {
        string place = session is null ? "" : $",\"session\":{session},\"received\":0";
        string resume = $$"""{"key":"{{Key}}","attempt":{{attempt}}{{place}}}""";
        server.Open(connection);
        server.Receive(
            connection,
            $$$"""{"type":"krmx/link","payload":{"username":"alice","version":"0.6.0","extensions":["resume"],"resume":{{{resume}}}}}""");
    }
}

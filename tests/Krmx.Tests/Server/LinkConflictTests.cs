using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, item 8: an authenticated newcomer may take over a user whose connection hangs.</summary>
public sealed class LinkConflictTests
{
    private static readonly LinkResult No = LinkResult.Reject("no");

    [Fact]
    public void Replace_TheNewcomerWinsAndTheDisplacedStaysOpen()
    {
        var server = new RecordedServer(new() { LinkConflict = LinkConflict.Replace });
        foreach ((int connection, string name) in new[] { (1, "alice"), (2, "bob") })
        {
            server.Open(connection);
            server.Link(connection, name);
        }
        server.Open(3);
        server.Take();
        server.Link(3, "alice");
        Assert.Equal(
            [
                "1,2: unlinked alice", "3: accepted", "3: joined alice", "3: linked alice", "3: joined bob", "3: linked bob",
                "2: linked alice",
                "unlink alice Replaced", "link alice",
            ],
            server.Take());
        server.Link(1, "carol");
        Assert.Equal("alice* bob* carol*", server.Users);
    }

    [Fact]
    public void Replace_OnlyWhenAuthenticated()
    {
        RecordedServer server = RecordedServer.WithPending("alice", 2, new() { LinkConflict = LinkConflict.Replace }, "alice");
        server.Decide(LinkResult.Accept);
        server.Take();
        server.Decide(No);
        Assert.Equal(["2: rejected no", "rejected 2 Authentication"], server.Take());
        Assert.Equal("alice*", server.Users);
    }
}

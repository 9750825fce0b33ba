using Krmx.Rooms;

namespace Krmx.Tests.Server;

// Items 7 to 11: names, replacement, slow connections, listeners that call back in, and one answer for each attempt.
public sealed partial class Section8Tests
{
    [Theory]
    [InlineData("constructor")]
    [InlineData("toString")]
    [InlineData("hasOwnProperty")]
    public void Item07_NamesOfJavaScriptsObjects_AreUnknownUntilTheyJoin(string name)
    {
        var server = new RecordedServer(new() { AcceptsNewUsers = false });
        server.Open(1);
        server.Link(1, name);
        Assert.Equal(["1: rejected server is not accepting new users", "rejected 1 NoNewUsers"], server.Take());
        Assert.False(server.Server.HasUser(name));
        server.Server.Join(name);
        server.Link(1, name);
        Assert.Equal($"{name}*", server.Users);
    }

    [Fact]
    public void Item08_Replace_TheNewcomerWinsAndTheDisplacedStaysOpen()
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
    public void Item08_Replace_OnlyWhenAuthenticated()
    {
        RecordedServer server = RecordedServer.WithPending("alice", 2, new() { LinkConflict = LinkConflict.Replace }, "alice");
        server.Decide(LinkResult.Accept);
        server.Take();
        server.Decide(No);
        Assert.Equal(["2: rejected no", "rejected 2 Authentication"], server.Take());
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void Item09_AConnectionThatIsTooSlow_IsUnlinkedAndTheApplicationToldWhy()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Input.ConnectionClosed(new ConnectionId(1), UnlinkReason.TooSlow);
        Assert.Equal(["2: unlinked alice", "unlink alice TooSlow"], server.Take());
        server.Server.Broadcast("a");
        Assert.Equal(["""2: {"type":"a"}"""], server.Take());
    }

    [Fact]
    public void Item10_AThrowingListener_ChangesNothingForTheOthers()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnJoin(_ => throw new InvalidOperationException("boom"));
        server.Server.OnJoin(user => server.Add($"second hears {user.Name}"));
        server.Open(2);
        server.Link(2, "bob");
        Assert.Equal(
            [
                "1: joined bob", "join bob", "failed join boom", "second hears bob",
                "2: accepted", "2: joined alice", "2: linked alice", "2: joined bob", "2: linked bob", "1: linked bob", "link bob",
            ],
            server.Take());
    }

    [Fact]
    public void Item10_AJoinListenerThatKicksTheNewcomer_GetsItRejectedAndNeverAccepted()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.OnJoin(user => server.Server.Kick(user.Name));
        server.Open(2);
        server.Link(2, "bob");
        Assert.Equal(
            [
                "1: joined bob", "join bob", "1: left bob", "2: rejected user bob left before the link was made", "rejected 2 UserChanged",
                "leave bob",
            ],
            server.Take());
    }

    [Fact]
    public void Item10_AJoinListenerThatKicksAndJoinsAgain_DoesNotLinkTheOther()
    {
        var server = new RecordedServer();
        bool done = false;
        server.Server.OnJoin(user =>
        {
            if (done)
                return;
            done = true;
            server.Server.Kick(user.Name);
            server.Server.Join(user.Name);
        });
        server.Open(1);
        server.Link(1, "alice");
        Assert.Equal(
            ["join alice", "1: rejected user alice left before the link was made", "rejected 1 UserChanged", "leave alice", "join alice"],
            server.Take());
        Assert.Equal("alice", server.Users);
    }

    [Fact]
    public void Item11_EveryAttemptEndsInExactlyOneOfAcceptedRejectedClosed()
    {
        Action<RecordedServer>[] ends =
        [
            server => server.Input.AuthenticationCompleted(new AttemptId(1), LinkResult.Accept),
            server => server.Input.AuthenticationCompleted(new AttemptId(1), No),
            server => server.Input.AuthenticationTimedOut(new AttemptId(1)),
            server => server.Close(1),
            server => server.Input.Close(),
            server => server.Server.Kick("alice"),
        ];
        foreach (Action<RecordedServer> first in ends)
        {
            foreach (Action<RecordedServer> second in ends)
            {
                RecordedServer server = RecordedServer.WithPending("alice", 1, null, "alice");
                first(server);
                Record.Exception(() => second(server)); // a call that is refused by now is one of the ways
                string[] log = server.Take();
                int answers = log.Count(line => line is "1: accepted" || line.StartsWith("1: rejected", StringComparison.Ordinal));
                bool closedFirst = first == ends[3] || first == ends[4];
                Assert.Equal(closedFirst ? 0 : 1, answers);
            }
        }
    }

    [Fact]
    public void Item11_AReasonThatNoFrameCanHold_IsRefusedWhereItIsMade()
    {
        foreach (string reason in new[] { "\ud800", "a\udc00", "\udc00\ud800", "\ud83d\ude00\ud83d" })
            Assert.Throws<ArgumentException>(() => LinkResult.Reject(reason));
        Assert.Equal("\ud83d\ude00", LinkResult.Reject("\ud83d\ude00").Reason);
    }
}

namespace Krmx.Tests.Server;

/// <summary>Protocol section 4's application calls: what each does, and that a refused one names the reason and changes nothing.</summary>
public sealed class ApplicationCallTests
{
    private const string Names = "alice* bob* carol";

    [Fact]
    public void Join_MakesAnUnlinkedUser()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        KrmxUser bob = server.Server.Join("bob");
        Assert.Equal(["1: joined bob", "join bob"], server.Take());
        Assert.Equal(("bob", false), (bob.Name, bob.IsLinked));
        Assert.Same(bob, server.Server.FindUser("bob"));
        Assert.True(server.Server.HasUser("bob"));
    }

    [Theory]
    [InlineData("alice", "cannot join a user: user alice exists already")]
    [InlineData("carol", "cannot join a user: user carol exists already")]
    [InlineData("x", "cannot join a user: 'x' is not a valid username")]
    [InlineData(null, "cannot join a user: '' is not a valid username")]
    public void Join_Refused(string? username, string reason) => ExpectRefused(server => server.Join(username!), reason);

    [Fact]
    public void Join_LoneSurrogateThatThePredicateAccepts_IsRefused()
    {
        var server = new RecordedServer(new() { IsValidUsername = _ => true });
        Assert.Throws<KrmxException>(() => server.Server.Join("\ud800"));
        Assert.Empty(server.Server.Users);
        Assert.Empty(server.Take());
    }

    [Fact]
    public void Unlink_EndsTheTie()
    {
        RecordedServer server = Populated();
        server.Server.Unlink("alice");
        Assert.Equal(["1,2: unlinked alice", "unlink alice Application"], server.Take());
        Assert.Equal("alice bob* carol", server.Users);
    }

    [Theory]
    [InlineData("carol", "cannot unlink a user: user carol is not linked")]
    [InlineData("nobody", "cannot unlink a user that does not exist: 'nobody'")]
    [InlineData("Alice", "cannot unlink a user that does not exist: 'Alice'")]
    public void Unlink_Refused(string username, string reason) => ExpectRefused(server => server.Unlink(username), reason);

    [Fact]
    public void Kick_RemovesTheUser()
    {
        RecordedServer server = Populated();
        server.Server.Kick("carol");
        server.Server.Kick("bob");
        Assert.Equal(
            ["1,2: left carol", "leave carol", "1,2: unlinked bob", "2: left bob", "1: left bob", "unlink bob Left", "leave bob"],
            server.Take());
        Assert.Equal("alice*", server.Users);
    }

    [Theory]
    [InlineData("nobody", "cannot kick a user that does not exist: 'nobody'")]
    [InlineData("", "cannot kick a user that does not exist: ''")]
    public void Kick_Refused(string username, string reason) => ExpectRefused(server => server.Kick(username), reason);

    [Fact]
    public void Send_ReachesOneUser()
    {
        RecordedServer server = Populated();
        server.Server.Send("bob", "a");
        server.Server.Send("bob", "b", new { Count = 1 });
        server.Server.Send("bob", new KrmxMessage("c"));
        Assert.Equal(["""2: {"type":"a"}""", """2: {"type":"b","payload":{"count":1}}""", """2: {"type":"c"}"""], server.Take());
    }

    [Theory]
    [InlineData("carol", "a", "cannot send to a user: user carol is not linked")]
    [InlineData("nobody", "a", "cannot send to a user that does not exist: 'nobody'")]
    [InlineData("alice", "krmx/left", "cannot send the message: the type 'krmx/left' belongs to the protocol")]
    public void Send_Refused(string username, string type, string reason) => ExpectRefused(server => server.Send(username, type), reason);

    [Fact]
    public void Broadcast_ReachesLinkedUsersInJoinOrder()
    {
        RecordedServer server = Populated();
        server.Type(1, "krmx/unlink");
        server.Open(3);
        server.Link(3, "carol");
        server.Link(1, "alice");
        server.Take();
        server.Server.Broadcast("a");
        server.Server.Broadcast("b", 1);
        server.Server.Broadcast(new KrmxMessage("c"), except: "bob");
        server.Server.Broadcast("d", 2, except: "alice");
        Assert.Equal(
            [
                """1,2,3: {"type":"a"}""", """1,2,3: {"type":"b","payload":1}""", """1,3: {"type":"c"}""",
                """2,3: {"type":"d","payload":2}""",
            ],
            server.Take());
    }

    [Fact]
    public void Broadcast_ExceptAnUnlinkedUser_ReachesAll()
    {
        RecordedServer server = Populated();
        server.Server.Broadcast(new KrmxMessage("a"), except: "carol");
        Assert.Equal(["""1,2: {"type":"a"}"""], server.Take());
    }

    [Fact]
    public void Broadcast_ToNobody_SendsNothing()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Server.Broadcast(new KrmxMessage("a"), except: "alice");
        server.Server.Kick("alice");
        server.Take();
        server.Server.Broadcast("a");
        Assert.Empty(server.Take());
    }

    [Theory]
    [InlineData("a", "nobody", "cannot broadcast to all except a user that does not exist: 'nobody'")]
    [InlineData("krmx/", null, "cannot send the message: the type 'krmx/' belongs to the protocol")]
    public void Broadcast_Refused(string type, string? except, string reason) =>
        ExpectRefused(server => server.Broadcast(new KrmxMessage(type), except), reason);

    [Fact]
    public void Users_AreASnapshotInJoinOrder()
    {
        RecordedServer server = Populated();
        IReadOnlyList<KrmxUser> before = server.Server.Users;
        server.Server.Kick("bob");
        server.Server.Join("bob");
        Assert.Equal(["alice", "bob", "carol"], before.Select(user => user.Name));
        Assert.Equal("alice* carol bob", server.Users);
        Assert.Equal("bob (unlinked)", server.Server.FindUser("bob")!.ToString());
        Assert.Equal((2, 1), (server.Server.ConnectionCount, server.Server.LinkedCount));
    }

    [Fact]
    public void EveryCall_RefusedWhenNotListening()
    {
        Action<KrmxRoomCore>[] calls =
        [
            server => server.Join("alice"), server => server.Unlink("alice"), server => server.Kick("alice"),
            server => server.Send("alice", "a"), server => server.Broadcast("a"),
        ];
        foreach (Action<KrmxRoomCore> call in calls)
        {
            var server = new RecordedServer(listens: false);
            Assert.EndsWith(": the server is initializing", Assert.Throws<KrmxException>(() => call(server.Server)).Message);
            server.Input.Starting();
            Assert.EndsWith(": the server is starting", Assert.Throws<KrmxException>(() => call(server.Server)).Message);
            server.Input.Listening(0);
            server.Open(1);
            server.Input.Close();
            Assert.EndsWith(": the server is closing", Assert.Throws<KrmxException>(() => call(server.Server)).Message);
            server.Close(1);
            Assert.EndsWith(": the server is closed", Assert.Throws<KrmxException>(() => call(server.Server)).Message);
            Assert.Equal(["listen 0", "close 1 GoingAway", "close"], server.Take());
        }
    }

    private static RecordedServer Populated()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Server.Join("carol");
        server.Take();
        Assert.Equal(Names, server.Users);
        return server;
    }

    private static void ExpectRefused(Action<KrmxRoomCore> call, string reason)
    {
        RecordedServer server = Populated();
        Assert.Equal(reason, Assert.Throws<KrmxException>(() => call(server.Server)).Message);
        Assert.Empty(server.Take());
        Assert.Equal(Names, server.Users);
    }
}

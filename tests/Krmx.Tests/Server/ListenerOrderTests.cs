using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, item 10: listeners that call in, or throw, leave the order as it is.</summary>
public sealed class ListenerOrderTests
{
    [Fact]
    public void AThrowingListener_ChangesNothingForTheOthers()
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
    public void AJoinListenerThatKicksTheNewcomer_GetsItRejectedAndNeverAccepted()
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
    public void AJoinListenerThatKicksAndJoinsAgain_DoesNotLinkTheOther()
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
}

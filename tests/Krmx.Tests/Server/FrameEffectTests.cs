using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 4's table, row by row: all effects of each input, in order.</summary>
public sealed class FrameEffectTests
{
    [Fact]
    public void InvalidMessage_Unlinked_IsRejected()
    {
        var server = new RecordedServer();
        server.Open(1);
        server.Receive(1, "nonsense");
        server.Input.FrameReceived(new ConnectionId(1), InboundFrame.Invalid(3));
        Assert.Equal(
            ["1: rejected invalid message", "rejected 1 InvalidMessage", "1: rejected invalid message", "rejected 1 InvalidMessage"],
            server.Take());
    }

    [Fact]
    public void InvalidMessage_Linked_Unlinks()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Receive(1, "nonsense");
        Assert.Equal(["violated 1 alice no message", "1,2: unlinked alice", "unlink alice ProtocolViolation"], server.Take());
        Assert.Equal("alice bob*", server.Users);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("krmx/unlink")]
    [InlineData("krmx/leave")]
    [InlineData("krmx/accepted")]
    public void OtherThanLink_Unlinked_IsRejected(string type)
    {
        var server = new RecordedServer();
        server.Open(1);
        server.Type(1, type);
        Assert.Equal(["1: rejected unlinked connection", "rejected 1 UnlinkedConnection"], server.Take());
    }

    [Fact]
    public void Link_Malformed_IsRejected()
    {
        var server = new RecordedServer();
        server.Open(1);
        server.Type(1, "krmx/link");
        Assert.Equal(["1: rejected invalid link request", "rejected 1 InvalidLinkRequest"], server.Take());
    }

    [Fact]
    public void Link_VersionRefused_NamesTheHighestSupported()
    {
        var server = new RecordedServer(new() { Links = { SupportedVersions = [new(0, 9), new(0, 10), new(0, 2)] } });
        server.Open(1);
        server.Link(1, "alice");
        Assert.Equal(
            ["1: rejected krmx server version mismatch (server=0.10.*,client=0.6.0)", "rejected 1 VersionMismatch"], server.Take());
    }

    [Fact]
    public void Link_InvalidUsername_IsRejected()
    {
        var server = new RecordedServer();
        server.Open(1);
        server.Link(1, "a");
        Assert.Equal(["1: rejected invalid username", "rejected 1 InvalidUsername"], server.Take());
    }

    [Fact]
    public void Link_ThrowingUsernamePredicate_KnowsNoName()
    {
        var server = new RecordedServer(new() { Links = { IsValidUsername = _ => throw new InvalidOperationException("boom") } });
        server.Open(1);
        server.Link(1, "alice");
        Assert.Equal(["failed IsValidUsername boom", "1: rejected invalid username", "rejected 1 InvalidUsername"], server.Take());
    }

    [Fact]
    public void Link_NoNewUsers_IsRejectedUntilTheyAreAccepted()
    {
        var server = new RecordedServer(new() { Links = { AcceptsNewUsers = false } });
        server.Open(1);
        server.Link(1, "alice");
        Assert.Equal(["1: rejected server is not accepting new users", "rejected 1 NoNewUsers"], server.Take());
        server.Server.AcceptsNewUsers = true;
        server.Link(1, "alice");
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void Link_AlreadyLinkedUnderReject_IsRejected()
    {
        var server = new RecordedServer(new() { Links = { Conflict = LinkConflict.Reject } });
        server.Open(1);
        server.Link(1, "alice");
        server.Take();
        server.Open(2);
        server.Link(2, "alice");
        Assert.Equal(["2: rejected user alice is already linked to a connection", "rejected 2 AlreadyLinked"], server.Take());
    }

    [Fact]
    public void Link_AuthenticationRefuses_IsRejectedWithItsReason()
    {
        var server = new RecordedServer { Authenticate = link => LinkResult.Reject($"no {link.Auth} for \"{link.Username}\"") };
        server.Open(1);
        server.Link(1, "alice", "key");
        Assert.Equal(["1: rejected no key for \"alice\"", "rejected 1 Authentication"], server.Take());
    }

    [Fact]
    public void Link_AuthenticationTimesOut_IsRejectedAndCancelled()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Input.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Empty(server.Take());
        server.Input.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["cancel", "1: rejected authentication timeout", "rejected 1 AuthenticationTimeout"], server.Take());
    }

    [Fact]
    public void Link_Passes_JoinsThenLinks()
    {
        RecordedServer server = RecordedServer.WithLinked("carol", "bob");
        server.Server.Join("dave");
        server.Take();
        server.Open(3);
        server.Link(3, "alice");
        Assert.Equal(
            [
                "1,2: joined alice", "join alice",
                "3: accepted", "3: joined carol", "3: linked carol", "3: joined bob", "3: linked bob", "3: joined dave",
                "3: joined alice", "3: linked alice", "1,2: linked alice", "link alice",
            ],
            server.Take());
    }

    [Fact]
    public void Link_Passes_TellsAuthenticationWhoAsks()
    {
        var asked = new List<LinkRequest>();
        var server = new RecordedServer { Authenticate = link => { asked.Add(link); return LinkResult.Accept; } };
        server.Open(7);
        server.Link(7, "alice", "key");
        server.Type(7, "krmx/unlink");
        server.Receive(7, """{"type":"krmx/link","payload":{"username":"alice","version":"0.4.12"}}""");
        Assert.Equal(
            [("alice", "key", true, new ProtocolVersion(0, 6)), ("alice", null, false, new ProtocolVersion(0, 4, 12))],
            asked.Select(link => (link.Username, link.Auth, link.IsNewUser, link.Version)));
    }

    [Theory]
    [InlineData("krmx/link")]
    [InlineData("krmx/unlink")]
    public void LinkOrUnlink_Linked_Unlinks(string type)
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Type(2, type);
        Assert.Equal(["1,2: unlinked bob", "unlink bob Requested"], server.Take());
        Assert.Equal("alice* bob", server.Users);
    }

    [Fact]
    public void Leave_Linked_Leaves()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Type(1, "krmx/leave");
        Assert.Equal(["1,2: unlinked alice", "1: left alice", "2: left alice", "unlink alice Left", "leave alice"], server.Take());
        Assert.Equal("bob*", server.Users);
    }

    [Theory]
    [InlineData("krmx/")]
    [InlineData("krmx/joined")]
    [InlineData("krmx/Link")]
    public void OtherReservedType_Linked_WarnsAndUnlinks(string type)
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Type(1, type);
        Assert.Equal([$"violated 1 alice {type}", "1: unlinked alice", "unlink alice ProtocolViolation"], server.Take());
    }

    [Fact]
    public void CustomMessage_Linked_IsAnEvent()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Receive(1, """{"type":"a","payload":[1.0]}""");
        Assert.Equal(["""message alice {"type":"a","payload":[1.0]}"""], server.Take());
    }

    [Fact]
    public void SocketClosed_Linked_UnlinksAndSendsItNothing()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Close(1);
        Assert.Equal(["2: unlinked alice", "unlink alice ConnectionClosed"], server.Take());
        server.Input.ConnectionClosed(new ConnectionId(2), UnlinkReason.TooSlow);
        Assert.Equal(["unlink bob TooSlow"], server.Take());
        Assert.Equal(0, server.Server.ConnectionCount);
    }

    [Fact]
    public void SocketClosed_Unlinked_IsNothing()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Open(2);
        server.Close(2);
        Assert.Empty(server.Take());
    }

    [Fact]
    public void SocketClosed_TooSlow_UnlinksAndTellsTheApplicationWhy()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Input.ConnectionClosed(new ConnectionId(1), UnlinkReason.TooSlow);
        Assert.Equal(["2: unlinked alice", "unlink alice TooSlow"], server.Take());
        server.Server.Broadcast("a");
        Assert.Equal(["""2: {"type":"a"}"""], server.Take());
    }
}

using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, item 5: what a connection sends while its link is decided waits, in order and up to a limit.</summary>
public sealed class PendingFrameTests
{
    private static readonly LinkResult No = LinkResult.Reject("no");

    [Fact]
    public void SecondLinkWhileTheFirstIsPending_WaitsAndUnlinks()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Link(1, "bob");
        Assert.Empty(server.Take());
        server.Decide(LinkResult.Accept);
        Assert.Equal(
            [
                "join alice", "1: accepted", "1: joined alice", "1: linked alice", "link alice",
                "1: unlinked alice", "unlink alice Requested",
            ],
            server.Take());
        Assert.Equal("alice", server.Users);
    }

    [Fact]
    public void SecondLinkAfterARejection_IsAnAttemptOfItsOwn()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Link(1, "bob");
        server.Type(1, "a");
        server.Decide(No);
        Assert.Equal(["1: rejected no", "rejected 1 Authentication"], server.Take());
        server.Decide(LinkResult.Accept);
        Assert.Equal(
            ["join bob", "1: accepted", "1: joined bob", "1: linked bob", "link bob", """message bob {"type":"a"}"""], server.Take());
    }

    [Fact]
    public void WaitingFrames_AreHandledOneAtATimeWithTheirEvents()
    {
        RecordedServer server = RecordedServer.WithPending("alice", 1, null, "alice", "bob");
        server.Server.OnMessage((user, _) => server.Server.Send(user.Name, "answer"));
        server.Type(1, "a");
        server.Type(1, "krmx/unlink");
        server.Link(1, "bob");
        server.Type(1, "b");
        server.Type(1, "krmx/leave");
        server.Type(1, "c");
        server.Authenticate = _ => LinkResult.Accept;
        server.Decide(LinkResult.Accept);
        Assert.Equal(
            [
                "1: accepted", "1: joined alice", "1: linked alice", "1: joined bob", "link alice",
                """message alice {"type":"a"}""", """1: {"type":"answer"}""", "1: unlinked alice", "unlink alice Requested",
                "1: accepted", "1: joined alice", "1: joined bob", "1: linked bob", "link bob",
                """message bob {"type":"b"}""", """1: {"type":"answer"}""", "1: unlinked bob", "1: left bob",
                "unlink bob Left", "leave bob",
                "1: rejected unlinked connection", "rejected 1 UnlinkedConnection",
            ],
            server.Take());
    }

    [Fact]
    public void TheQueueIsBoundedInFrames()
    {
        RecordedServer server = RecordedServer.WithPending("alice", options: new() { MaxPendingFrames = 2 });
        server.Type(1, "a");
        server.Type(1, "b");
        Assert.Empty(server.Take());
        server.Type(1, "c");
        server.Type(1, "d");
        Assert.Equal(["cancel", "close 1 PolicyViolation"], server.Take());
        Assert.Empty(server.Undecided);
    }

    [Fact]
    public void TheQueueIsBoundedInBytes()
    {
        const string frame = """{"type":"a"}""";
        RecordedServer server = RecordedServer.WithPending("alice", options: new() { MaxPendingBytes = 2 * frame.Length });
        server.Receive(1, frame);
        server.Receive(1, frame);
        Assert.Empty(server.Take());
        server.Input.FrameReceived(new ConnectionId(1), InboundFrame.Invalid(1));
        Assert.Equal(["cancel", "close 1 PolicyViolation"], server.Take());
    }

    [Fact]
    public void FramesBehindAPendingLink_AreDroppedWhenItsConnectionCloses()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Type(1, "a");
        server.Close(1);
        server.Open(1);
        server.Type(1, "b");
        Assert.Equal(["cancel", "1: rejected unlinked connection", "rejected 1 UnlinkedConnection"], server.Take());
    }
}

using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>
/// Protocol section 8, the items that live in the core: each a way the TypeScript server failed. Items 1, 9, 12 and 13 live in sockets and
/// the client.
/// </summary>
public sealed partial class Section8Tests
{
    private static readonly LinkResult No = LinkResult.Reject("no");

    [Fact]
    public void Item02_TwoLinksForOneNewUserWhileAuthenticating_ExactlyOneWins()
    {
        RecordedServer server = RecordedServer.WithPending("alice", connections: 2);
        server.Decide(LinkResult.Accept);
        Assert.Equal(["join alice", "1: accepted", "1: joined alice", "1: linked alice", "link alice"], server.Take());
        server.Decide(LinkResult.Accept);
        Assert.Equal(["2: rejected user alice is already linked to a connection", "rejected 2 AlreadyLinked"], server.Take());
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void Item02_TwoLinksForOneKnownUserWhileAuthenticating_ExactlyOneWins()
    {
        RecordedServer server = RecordedServer.WithPending("alice", 2, null, "alice");
        server.Decide(No);
        server.Decide(LinkResult.Accept);
        Assert.Equal(
            ["1: rejected no", "rejected 1 Authentication", "2: accepted", "2: joined alice", "2: linked alice", "link alice"],
            server.Take());
    }

    [Fact]
    public void Item02_NoNewUsersAnyMore_IsCheckedAgain()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.AcceptsNewUsers = false;
        server.Decide(LinkResult.Accept);
        Assert.Equal(["1: rejected server is not accepting new users", "rejected 1 NoNewUsers"], server.Take());
    }

    [Fact]
    public void Item02_UserJoinedMeanwhile_IsNotTheOneAuthenticated()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.Join("alice");
        server.Take();
        server.Decide(LinkResult.Accept);
        Assert.Equal(["1: rejected user alice joined while this link was being authenticated", "rejected 1 UserChanged"], server.Take());
        Assert.Equal("alice", server.Users);
    }

    [Fact]
    public void Item02_JoinedMeanwhile_ComesAfterTheTablesOwnChecks()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.Join("alice");
        server.Take();
        server.Decide(No);
        Assert.Equal(["1: rejected no", "rejected 1 Authentication"], server.Take());
    }

    [Fact]
    public void Item03_ConnectionClosesWhileAuthenticating_CancelsTheAttempt()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        AttemptId attempt = server.Undecided[0];
        server.Close(1);
        server.Input.AuthenticationCompleted(attempt, LinkResult.Accept);
        Assert.Equal(["cancel"], server.Take());
        Assert.Equal("", server.Users);
    }

    [Fact]
    public void Item03_UserKickedWhileAuthenticating_EndsTheAttemptAfterTheLeave()
    {
        RecordedServer server = RecordedServer.WithPending("alice", 2, null, "bob", "alice");
        server.Server.Kick("alice");
        Assert.Equal(
            [
                "cancel", "1: rejected user alice left before the link was made", "rejected 1 UserChanged",
                "cancel", "2: rejected user alice left before the link was made", "rejected 2 UserChanged", "leave alice",
            ],
            server.Take());
        server.Authenticate = _ => LinkResult.Accept;
        server.Link(1, "alice");
        Assert.Equal("bob alice*", server.Users);
    }

    [Fact]
    public void Item03_KickedWhileTheAuthenticatorIsBeingAsked_EndsTheAttempt()
    {
        var server = new RecordedServer();
        server.Server.Join("alice");
        server.Open(1);
        server.Take();
        server.Authenticate = _ =>
        {
            server.Server.Kick("alice");
            return LinkResult.Accept;
        };
        server.Link(1, "alice");
        Assert.Equal(
            ["cancel", "1: rejected user alice left before the link was made", "rejected 1 UserChanged", "leave alice"], server.Take());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Item04_AfterADecision_NothingOfTheAttemptCanSpeak(bool accepted)
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        AttemptId attempt = server.Undecided[0];
        server.Decide(accepted ? LinkResult.Accept : No);
        server.Take();
        server.Input.AuthenticationTimedOut(attempt);
        server.Input.AuthenticationCompleted(attempt, accepted ? No : LinkResult.Accept);
        Assert.Empty(server.Take());
        Assert.Equal(accepted ? "alice*" : "", server.Users);
    }

    [Fact]
    public void Item05_SecondLinkWhileTheFirstIsPending_WaitsAndUnlinks()
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
    public void Item05_SecondLinkAfterARejection_IsAnAttemptOfItsOwn()
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
    public void Item05_WaitingFrames_AreHandledOneAtATimeWithTheirEvents()
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
    public void Item05_TheQueueIsBoundedInFrames()
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
    public void Item05_TheQueueIsBoundedInBytes()
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
    public void Item05_FramesBehindAPendingLink_AreDroppedWhenItsConnectionCloses()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Type(1, "a");
        server.Close(1);
        server.Open(1);
        server.Type(1, "b");
        Assert.Equal(["cancel", "1: rejected unlinked connection", "rejected 1 UnlinkedConnection"], server.Take());
    }

    [Fact]
    public void Item06_ADecisionNobodyMade_Refuses()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Decide(default);
        Assert.Equal(["1: rejected authentication failed", "rejected 1 Authentication"], server.Take());
        Assert.Equal("", server.Users);
    }
}

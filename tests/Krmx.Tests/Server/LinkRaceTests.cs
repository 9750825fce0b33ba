using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, item 2: of two links for one user exactly one wins, and an authentication holds for the user as it was.</summary>
public sealed class LinkRaceTests
{
    private static readonly LinkResult No = LinkResult.Reject("no");

    [Fact]
    public void TwoLinksForOneNewUserWhileAuthenticating_ExactlyOneWins()
    {
        RecordedServer server = RecordedServer.WithPending("alice", connections: 2);
        server.Decide(LinkResult.Accept);
        Assert.Equal(["join alice", "1: accepted", "1: joined alice", "1: linked alice", "link alice"], server.Take());
        server.Decide(LinkResult.Accept);
        Assert.Equal(["2: rejected user alice is already linked to a connection", "rejected 2 AlreadyLinked"], server.Take());
        Assert.Equal("alice*", server.Users);
    }

    [Fact]
    public void TwoLinksForOneKnownUserWhileAuthenticating_ExactlyOneWins()
    {
        RecordedServer server = RecordedServer.WithPending("alice", 2, null, "alice");
        server.Decide(No);
        server.Decide(LinkResult.Accept);
        Assert.Equal(
            ["1: rejected no", "rejected 1 Authentication", "2: accepted", "2: joined alice", "2: linked alice", "link alice"],
            server.Take());
    }

    [Fact]
    public void NoNewUsersAnyMore_IsCheckedAgain()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.AcceptsNewUsers = false;
        server.Decide(LinkResult.Accept);
        Assert.Equal(["1: rejected server is not accepting new users", "rejected 1 NoNewUsers"], server.Take());
    }

    [Fact]
    public void UserJoinedMeanwhile_IsNotTheOneAuthenticated()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.Join("alice");
        server.Take();
        server.Decide(LinkResult.Accept);
        Assert.Equal(["1: rejected user alice joined while this link was being authenticated", "rejected 1 UserChanged"], server.Take());
        Assert.Equal("alice", server.Users);
    }

    [Fact]
    public void JoinedMeanwhile_ComesAfterTheTablesOwnChecks()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.Join("alice");
        server.Take();
        server.Decide(No);
        Assert.Equal(["1: rejected no", "rejected 1 Authentication"], server.Take());
    }
}

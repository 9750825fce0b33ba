using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 4: who wants a user that is linked has it where the user's connection does not answer.</summary>
public sealed class LinkChallengeTests
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(1);
    private static readonly string[] Rejected = ["2: rejected user alice is already linked to a connection", "rejected 2 AlreadyLinked"];

    private static readonly string[] TakenOver =
    [
        "1: unlinked alice", "2: accepted", "2: joined alice", "2: linked alice", "unlink alice Replaced", "link alice",
    ];

    private static readonly string[] LinkedAfterAnEnd = ["2: accepted", "2: joined alice", "2: linked alice", "link alice"];

    [Fact]
    public void OwnerThatAnswers_KeepsTheUser()
    {
        RecordedServer server = Challenged();
        server.Answer(1);
        Assert.Equal(Rejected, server.Take());
        Assert.Equal("alice*", server.Users);
        Assert.Null(server.Input.NextDue);
    }

    [Fact]
    public void FrameOfTheOwner_IsAnAnswer()
    {
        RecordedServer server = Challenged();
        server.Type(1, "a");
        Assert.Equal([.. Rejected, """message alice {"type":"a"}"""], server.Take());
    }

    [Fact]
    public void SilentOwner_LosesTheUserAndMayLinkAgain()
    {
        RecordedServer server = Challenged();
        Assert.Equal(Half, server.Input.NextDue);
        server.Input.Advance(Half);
        Assert.Equal(2 * Half, server.Input.NextDue);
        server.Input.Advance((2 * Half) - TimeSpan.FromTicks(1));
        Assert.Empty(server.Take());
        server.Input.Advance(2 * Half);
        Assert.Equal(TakenOver, server.Take());
        server.Link(1, "carol");
        Assert.Equal("alice* carol*", server.Users);
    }

    [Fact]
    public void RoomThatStoodStill_HandlesTheAnswerThatWaits()
    {
        RecordedServer server = Challenged();
        server.Input.Advance(TimeSpan.FromHours(1));
        Assert.Empty(server.Take());
        server.Answer(1);
        Assert.Equal(Rejected, server.Take());
    }

    [Fact]
    public void AnswerBeforeTheChallenge_CountsForNothing()
    {
        RecordedServer server = RecordedServer.WithLinked("alice");
        server.Answer(1);
        server.Type(1, "a");
        server.Open(2);
        server.Link(2, "alice");
        Assert.Equal(["""message alice {"type":"a"}""", "challenge 1"], server.Take());
        Pass(server, 2);
        Assert.Equal(TakenOver, server.Take());
    }

    [Fact]
    public void AnswerOfAnotherConnection_CountsForNothing()
    {
        RecordedServer server = RecordedServer.WithLinked("alice", "bob");
        server.Open(3);
        server.Link(3, "alice");
        server.Answer(2);
        server.Answer(3);
        server.Answer(9);
        server.Type(2, "a");
        server.Type(3, "b");
        Assert.Equal(["challenge 1", """message bob {"type":"a"}"""], server.Take());
    }

    [Fact]
    public void OwnerThatIsLost_MakesWayAtOnce()
    {
        RecordedServer server = Challenged();
        server.Close(1);
        Assert.Equal(["unlink alice ConnectionClosed", .. LinkedAfterAnEnd], server.Take());
        Assert.Null(server.Input.NextDue);
    }

    [Fact]
    public void OwnerThatUnlinks_MakesWayAtOnce()
    {
        RecordedServer server = Challenged();
        server.Type(1, "krmx/unlink");
        Assert.Equal(["1: unlinked alice", "unlink alice Requested", .. LinkedAfterAnEnd], server.Take());
    }

    [Fact]
    public void UnlinkByTheApplication_MakesWayAtOnce()
    {
        RecordedServer server = Challenged();
        server.Server.Unlink("alice");
        Assert.Equal(["1: unlinked alice", "unlink alice Application", .. LinkedAfterAnEnd], server.Take());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UserWhoLeaves_EndsTheAttempt(bool inTheUnlinkEvent)
    {
        RecordedServer server = Challenged();
        if (inTheUnlinkEvent)
            server.Server.OnUnlink(user => server.Server.Kick(user.Name));
        if (inTheUnlinkEvent)
            server.Close(1);
        else
            server.Server.Kick("alice");
        string[] seen = server.Take();
        Assert.Contains("2: rejected user alice left before the link was made", seen);
        Assert.DoesNotContain("2: accepted", seen);
        Assert.Equal("", server.Users);
        Assert.Null(server.Input.NextDue);
    }

    [Fact]
    public void NewcomerWhoGoes_LeavesNothingBehind()
    {
        RecordedServer server = Challenged();
        server.Close(2);
        Pass(server, 2);
        Assert.Empty(server.Take());
        Assert.Equal("alice*", server.Users);
        Assert.Null(server.Input.NextDue);
    }

    [Fact]
    public void SeveralNewcomers_AreRejectedByOneAnswerToOnePing()
    {
        RecordedServer server = Challenged();
        server.Open(3);
        server.Link(3, "alice");
        Assert.Empty(server.Take());
        server.Answer(1);
        Assert.Equal([.. Rejected, "3: rejected user alice is already linked to a connection", "rejected 3 AlreadyLinked"], server.Take());
        server.Link(3, "alice");
        Assert.Equal(["challenge 1"], server.Take());
    }

    [Fact]
    public void SeveralNewcomers_TheFirstHasTheUserAndTheNextChallengesIt()
    {
        RecordedServer server = Challenged();
        server.Open(3);
        server.Link(3, "alice");
        Pass(server, 2);
        Assert.Equal(
            ["1: unlinked alice", "2: accepted", "2: joined alice", "2: linked alice", "unlink alice Replaced", "challenge 2", "link alice"],
            server.Take());
        server.Answer(2);
        Assert.Equal(["3: rejected user alice is already linked to a connection", "rejected 3 AlreadyLinked"], server.Take());
    }

    [Fact]
    public void SeveralNewcomers_TheFirstIsWhoeverIsLeft()
    {
        RecordedServer server = Challenged();
        server.Open(3);
        server.Link(3, "alice");
        server.Close(2);
        Pass(server, 2);
        Assert.Contains("3: accepted", server.Take());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stranger_CausesNoPing(bool authenticateFirst)
    {
        RecordedServer server = Linked(new() { Links = { AuthenticateFirst = authenticateFirst } });
        server.Authenticate = _ => null;
        server.Link(2, "alice");
        Assert.Empty(server.Take());
        server.Decide(LinkResult.Reject("no"));
        Assert.Equal(["2: rejected no", "rejected 2 Authentication"], server.Take());

        server.Link(2, "alice");
        server.Decide(LinkResult.Accept);
        Assert.Equal(["challenge 1"], server.Take());
    }

    [Fact]
    public void FramesOfTheNewcomer_WaitForTheDecision()
    {
        RecordedServer server = Challenged();
        server.Type(2, "a");
        Assert.Empty(server.Take());
        Pass(server, 2);
        Assert.Equal([.. TakenOver, """message alice {"type":"a"}"""], server.Take());
    }

    [Fact]
    public void FramesThatTheNewOwnerSentBefore_AreNoAnswerToTheNextChallenge()
    {
        RecordedServer server = Challenged();
        server.Type(2, "a");
        server.Open(3);
        server.Link(3, "alice");
        Pass(server, 2);
        Assert.DoesNotContain("rejected 3 AlreadyLinked", server.Take());
        Pass(server, 4);
        Assert.Contains("3: accepted", server.Take());
    }

    [Fact]
    public void RoomThatCloses_EndsTheAttempt()
    {
        RecordedServer server = Challenged();
        server.Give(input => input.Close());
        Assert.DoesNotContain("2: accepted", server.Take());
        Assert.Null(server.Input.NextDue);
    }

    [Fact]
    public void LinkWhoseNewUserSomebodyElseTookInTheJoinEvent_ChallengesIt()
    {
        RecordedServer server = Challenged();
        server.Input.AsksAuthentication = false;
        server.Open(3);
        server.Link(3, "alice");
        server.Link(2, "bob");
        server.Link(3, "bob");

        // Both are handled in one go: the second joins the user, and the third links to it before the second goes on.
        server.Answer(1);
        string[] seen = server.Take();
        Assert.Equal(["join bob", "challenge 3", "link bob"], seen.Where(line => line is "join bob" or "challenge 3" or "link bob"));
        Assert.Equal("alice* bob*", server.Users);
    }

    /// <summary>A server whose connection 1 has alice, while connection 2 wants her.</summary>
    private static RecordedServer Challenged()
    {
        RecordedServer server = Linked(new());
        server.Link(2, "alice");
        Assert.Equal(["challenge 1"], server.Take());
        return server;
    }

    private static RecordedServer Linked(KrmxRoomOptions options)
    {
        var server = new RecordedServer(options);
        server.Open(1);
        server.Link(1, "alice");
        server.Open(2);
        server.Take();
        return server;
    }

    /// <summary>Lets time pass up to a number of halves since the beginning, in a room that runs all the while.</summary>
    private static void Pass(RecordedServer server, int halves)
    {
        for (int i = 1; i <= halves; i++)
        {
            if (server.Input.NextDue <= i * Half)
                server.Give(input => input.Advance(i * Half));
        }
    }
}

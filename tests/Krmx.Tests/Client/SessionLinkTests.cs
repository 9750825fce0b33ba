namespace Krmx.Tests.Client;

public sealed class SessionLinkTests
{
    [Fact]
    public void Link_IsDoneWithTheOwnUserAmongTheLinkedOnes()
    {
        RecordedSession client = RecordedSession.Connected();

        client.Input.Link("bob", "secret");
        Assert.Equal(
            ["""> {"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","auth":"secret"}}""", "status Linking"], client.Take());

        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "alice");
        client.ReceiveOf("krmx/linked", "alice");
        client.ReceiveOf("krmx/joined", "bob");
        Assert.Equal(["accept", "join alice", "link alice", "join bob"], client.Take());
        Assert.Equal(ClientStatus.Linking, client.Session.Status);
        Assert.Null(client.Session.Username);

        client.ReceiveOf("krmx/linked", "bob");
        Assert.Equal(["status Linked", "link bob", "linked? Done"], client.Take());
        Assert.Equal("bob", client.Session.Username);
        Assert.Equal([new ClientUser("alice", true), new ClientUser("bob", true)], client.Session.Users);
    }

    [Fact]
    public void Link_SendsNoAuthWhereThereIsNone()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        Assert.Equal("""> {"type":"krmx/link","payload":{"username":"bob","version":"0.6.0"}}""", client.Take()[0]);
    }

    [Fact]
    public void Link_ThatIsRejectedLeavesTheClientConnected()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        client.Take();

        client.ReceiveRejected("invalid username");

        Assert.Equal(["status Connected", "reject invalid username", "linked? Rejected invalid username"], client.Take());
        client.Input.Link("bobby", null);
        Assert.Equal(ClientStatus.Linking, client.Session.Status);
    }

    [Fact]
    public void Link_WaitsThroughAnswersToEarlierMessages()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Send(new KrmxMessage("late"));
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Input.Link("bob", null);
        client.Take();

        client.ReceiveRejected("unlinked connection");

        Assert.Equal(["reject unlinked connection"], client.Take());
        Assert.Equal(ClientStatus.Linking, client.Session.Status);
    }

    [Theory]
    [InlineData("krmx server version mismatch (server=0.5.*,client=0.6.0)", "0.5.0")]
    [InlineData("krmx server version mismatch (server=0.4.*,client=0.6.0)", "0.4.0")]
    public void Link_FallsBackToAVersionTheServerNames(string reason, string version)
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", "secret");
        client.Take();

        client.ReceiveRejected(reason);

        Assert.Equal(
            [$$$"""> {"type":"krmx/link","payload":{"username":"bob","version":"{{{version}}}","auth":"secret"}}"""], client.Take());
        client.ReceiveRejected(reason);
        Assert.Equal(["status Connected", $"reject {reason}", $"linked? Rejected {reason}"], client.Take());
    }

    [Theory]
    [InlineData("krmx server version mismatch (server=0.7.*,client=0.6.0)")]
    [InlineData("krmx server version mismatch (server=0.6.*,client=0.6.0)")]
    [InlineData("krmx server version mismatch (server=0.50.*,client=0.6.0)")]
    [InlineData("version mismatch")]
    public void Link_IsRejectedByAServerOfNoVersionOfOurs(string reason)
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        client.Take();
        client.ReceiveRejected(reason);
        Assert.Equal(["status Connected", $"reject {reason}", $"linked? Rejected {reason}"], client.Take());
    }

    [Fact]
    public void Link_FallsBackOnce()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        client.ReceiveRejected("krmx server version mismatch (server=0.5.*,client=0.6.0)");
        client.Take();
        client.ReceiveRejected("krmx server version mismatch (server=0.4.*,client=0.5.0)");
        Assert.Equal("status Connected", client.Take()[0]);
    }

    [Fact]
    public void Link_RemembersTheVersionThatWasAccepted()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        client.ReceiveRejected("krmx server version mismatch (server=0.5.*,client=0.6.0)");
        client.ReceiveRejected("invalid username");
        client.Take();
        client.Input.Link("bobby", null);
        Assert.Contains("\"version\":\"0.5.0\"", client.Take()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Link_TellsNobodyOfAConflictTheHostWaitsFor()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null, retriesConflict: true);
        client.Take();
        client.ReceiveRejected("user bob is already linked to a connection");
        Assert.Equal(["status Connected", "linked? Conflict user bob is already linked to a connection"], client.Take());

        client.Input.Link("bob", null, retriesConflict: true);
        client.ReceiveRejected("user alice is already linked to a connection");
        Assert.Contains("reject user alice is already linked to a connection", client.Take());
    }

    [Fact]
    public void Link_WithALoneSurrogateIsRefusedAndChangesNothing()
    {
        RecordedSession client = RecordedSession.Connected();

        Assert.Throws<ArgumentException>(() => client.Input.Link("\ud800", null));
        Assert.Throws<ArgumentException>(() => client.Input.Link("bob", "\udc00"));

        Assert.Empty(client.Take());
        Assert.Equal(ClientStatus.Connected, client.Session.Status);
        client.Receive("krmx/accepted");
        Assert.Equal(["violation krmx/accepted"], client.Take());
    }

    [Fact]
    public void LinkIsNotDoneByAnotherUsersLinked()
    {
        RecordedSession client = RecordedSession.Connected();
        client.Input.Link("bob", null);
        client.ReceiveOf("krmx/linked", "bob");
        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "alice");
        client.ReceiveOf("krmx/linked", "alice");
        Assert.Equal(ClientStatus.Linking, client.Session.Status);
        Assert.DoesNotContain("linked? Done", client.Take());
    }

    [Fact]
    public void Unlink_IsAnsweredByTheOwnUnlinked()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Unlink();
        Assert.Equal(["""> {"type":"krmx/unlink"}""", "status Unlinking"], client.Take());
        client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Equal(["unlink bob", "status Connected", "unlinked? Done"], client.Take());
        Assert.Null(client.Session.Username);
        Assert.Empty(client.Session.Users);
    }

    [Fact]
    public void Leave_IsAnsweredByTheOwnLeft()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Leave();
        Assert.Equal(["""> {"type":"krmx/leave"}""", "status Unlinking"], client.Take());
        client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Equal(["unlink bob"], client.Take());
        client.ReceiveOf("krmx/left", "bob");
        Assert.Equal(["leave bob", "status Connected", "left? Done"], client.Take());
    }

    [Fact]
    public void Leave_OfAUserTheServerUnlinkedFirstIsNotDone()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.Input.Leave();
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Take();
        client.ReceiveRejected("unlinked connection");
        Assert.Equal(["reject unlinked connection", "status Connected", "left? Unlinked"], client.Take());
    }

    [Fact]
    public void Kick_IsHeardAsUnlinkAndLeave()
    {
        RecordedSession client = RecordedSession.Linked("bob");
        client.ReceiveOf("krmx/unlinked", "bob");
        client.ReceiveOf("krmx/left", "bob");
        Assert.Equal(["unlink bob", "status Connected", "leave bob"], client.Take());
    }
}

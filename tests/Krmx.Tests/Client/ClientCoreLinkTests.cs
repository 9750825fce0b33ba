namespace Krmx.Tests.Client;

public sealed class ClientCoreLinkTests
{
    [Fact]
    public void Link_IsDoneWithTheOwnUserAmongTheLinkedOnes()
    {
        RecordedClientCore client = RecordedClientCore.Connected();

        client.Input.Link("bob", "secret");
        Assert.Equal(
            ["""> {"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","auth":"secret","extensions":["presence"]}}""", "status Linking"], client.Take());

        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "alice");
        client.ReceiveOf("krmx/linked", "alice");
        client.ReceiveOf("krmx/joined", "bob");
        Assert.Equal(["accept", "join alice", "link alice", "join bob"], client.Take());
        Assert.Equal(ClientStatus.Linking, client.Core.Status);
        Assert.Null(client.Core.Username);

        client.ReceiveOf("krmx/linked", "bob");
        Assert.Equal(["status Linked", "link bob", "Link ended: Done"], client.Take());
        Assert.Equal("bob", client.Core.Username);
        Assert.Equal([new ClientUser("alice", true), new ClientUser("bob", true)], client.Core.Users);
    }

    [Fact]
    public void Link_SendsNoAuthWhereThereIsNone()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null);
        Assert.Equal("""> {"type":"krmx/link","payload":{"username":"bob","version":"0.6.0","extensions":["presence"]}}""", client.Take()[0]);
    }

    [Fact]
    public void Link_ThatIsRejectedLeavesTheClientConnected()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null);
        client.Take();

        client.ReceiveRejected("invalid username");

        Assert.Equal(["status Connected", "reject invalid username", "Link ended: Rejected invalid username"], client.Take());
        client.Input.Link("bobby", null);
        Assert.Equal(ClientStatus.Linking, client.Core.Status);
    }

    [Fact]
    public void Link_WaitsThroughAnswersToEarlierMessages()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Send(new KrmxMessage("late"));
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Input.Link("bob", null);
        client.Take();

        client.ReceiveRejected("unlinked connection");

        Assert.Equal(["reject unlinked connection"], client.Take());
        Assert.Equal(ClientStatus.Linking, client.Core.Status);
    }

    [Theory]
    [InlineData("krmx server version mismatch (server=0.5.*,client=0.6.0)", "0.5.0")]
    [InlineData("krmx server version mismatch (server=0.4.*,client=0.6.0)", "0.4.0")]
    public void Link_FallsBackToAVersionTheServerNames(string reason, string version)
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", "secret");
        client.Take();

        client.ReceiveRejected(reason);

        Assert.Equal(
            [$$$"""> {"type":"krmx/link","payload":{"username":"bob","version":"{{{version}}}","auth":"secret","extensions":["presence"]}}"""], client.Take());
        client.ReceiveRejected(reason);
        Assert.Equal(["status Connected", $"reject {reason}", $"Link ended: Rejected {reason}"], client.Take());
    }

    [Theory]
    [InlineData("krmx server version mismatch (server=0.7.*,client=0.6.0)")]
    [InlineData("krmx server version mismatch (server=0.6.*,client=0.6.0)")]
    [InlineData("krmx server version mismatch (server=0.50.*,client=0.6.0)")]
    [InlineData("version mismatch")]
    public void Link_IsRejectedByAServerOfNoVersionOfOurs(string reason)
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null);
        client.Take();
        client.ReceiveRejected(reason);
        Assert.Equal(["status Connected", $"reject {reason}", $"Link ended: Rejected {reason}"], client.Take());
    }

    [Fact]
    public void Link_FallsBackOnce()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null);
        client.ReceiveRejected("krmx server version mismatch (server=0.5.*,client=0.6.0)");
        client.Take();
        client.ReceiveRejected("krmx server version mismatch (server=0.4.*,client=0.5.0)");
        Assert.Equal("status Connected", client.Take()[0]);
    }

    [Fact]
    public void Link_RemembersTheVersionThatWasAccepted()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
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
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null, retriesConflict: true);
        client.Take();
        client.ReceiveRejected("user bob is already linked to a connection");
        Assert.Equal(["status Connected", "Link ended: Conflict user bob is already linked to a connection"], client.Take());

        client.Input.Link("bob", null, retriesConflict: true);
        client.ReceiveRejected("user alice is already linked to a connection");
        Assert.Contains("reject user alice is already linked to a connection", client.Take());
    }

    [Fact]
    public void Link_WithALoneSurrogateIsRefusedAndChangesNothing()
    {
        RecordedClientCore client = RecordedClientCore.Connected();

        Assert.Throws<ArgumentException>(() => client.Input.Link("\ud800", null));
        Assert.Throws<ArgumentException>(() => client.Input.Link("bob", "\udc00"));

        Assert.Empty(client.Take());
        Assert.Equal(ClientStatus.Connected, client.Core.Status);
        client.Receive("krmx/accepted");
        Assert.Equal(["violation krmx/accepted"], client.Take());
    }

    [Fact]
    public void LinkIsNotDoneByAnotherUsersLinked()
    {
        RecordedClientCore client = RecordedClientCore.Connected();
        client.Input.Link("bob", null);
        client.ReceiveOf("krmx/linked", "bob");
        client.Receive("krmx/accepted");
        client.ReceiveOf("krmx/joined", "alice");
        client.ReceiveOf("krmx/linked", "alice");
        Assert.Equal(ClientStatus.Linking, client.Core.Status);
        Assert.DoesNotContain("Link ended: Done", client.Take());
    }

    [Fact]
    public void Unlink_IsAnsweredByTheOwnUnlinked()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Unlink();
        Assert.Equal(["""> {"type":"krmx/unlink"}""", "status Unlinking"], client.Take());
        client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Equal(["unlink bob", "status Connected", "Unlink ended: Done"], client.Take());
        Assert.Null(client.Core.Username);
        Assert.Empty(client.Core.Users);
    }

    [Fact]
    public void Leave_IsAnsweredByTheOwnLeft()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Leave();
        Assert.Equal(["""> {"type":"krmx/leave"}""", "status Unlinking"], client.Take());
        client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Equal(["unlink bob"], client.Take());
        client.ReceiveOf("krmx/left", "bob");
        Assert.Equal(["leave bob", "status Connected", "Leave ended: Done"], client.Take());
    }

    [Fact]
    public void Leave_OfAUserTheServerUnlinkedFirstIsNotDone()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.Input.Leave();
        client.ReceiveOf("krmx/unlinked", "bob");
        client.Take();
        client.ReceiveRejected("unlinked connection");
        Assert.Equal(["reject unlinked connection", "status Connected", "Leave ended: Unlinked"], client.Take());
    }

    [Fact]
    public void Kick_IsHeardAsUnlinkAndLeave()
    {
        RecordedClientCore client = RecordedClientCore.Linked("bob");
        client.ReceiveOf("krmx/unlinked", "bob");
        client.ReceiveOf("krmx/left", "bob");
        Assert.Equal(["unlink bob", "status Connected", "leave bob"], client.Take());
    }
}

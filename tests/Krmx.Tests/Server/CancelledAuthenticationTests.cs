using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, item 3: an authentication ends with its connection or its user.</summary>
public sealed class CancelledAuthenticationTests
{
    [Fact]
    public void ConnectionClosesWhileAuthenticating_CancelsTheAttempt()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        AttemptId attempt = server.Undecided[0];
        server.Close(1);
        server.Input.AuthenticationCompleted(attempt, LinkResult.Accept);
        Assert.Equal(["cancel"], server.Take());
        Assert.Equal("", server.Users);
    }

    [Fact]
    public void UserKickedWhileAuthenticating_EndsTheAttemptAfterTheLeave()
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
    public void KickedWhileTheAuthenticatorIsBeingAsked_EndsTheAttempt()
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
}

using System.Security.Claims;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, items 4, 6 and 11: an attempt is answered once, by whoever decides first, and refused if nobody does.</summary>
public sealed class LinkAnswerTests
{
    private static readonly LinkResult No = LinkResult.Reject("no");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AfterADecision_NothingOfTheAttemptCanSpeak(bool accepted)
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        AttemptId attempt = server.Undecided[0];
        server.Decide(accepted ? LinkResult.Accept : No);
        server.Take();
        server.Input.Advance(TimeSpan.FromDays(1));
        server.Input.AuthenticationCompleted(attempt, accepted ? No : LinkResult.Accept);
        Assert.Empty(server.Take());
        Assert.Equal(accepted ? "alice*" : "", server.Users);
    }

    [Fact]
    public void WhoAuthenticationFound_IsThePrincipalOfTheUserFromThenOn()
    {
        var found = new ClaimsPrincipal(new ClaimsIdentity([new Claim("team", "red")], "token"));
        var facts = new KrmxConnectionInfo { Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("team", "blue")], "cookie")) };
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Decide(LinkResult.AcceptAs(found));
        KrmxUser alice = server.Server.FindUser("alice")!;
        Assert.Same(found, alice.Link!.Principal);
        server.Close(1);
        Assert.Null(alice.Link);
        Assert.Same(found, alice.Principal);

        // Who says nothing of that leaves it to the connection.
        server.Authenticate = static _ => LinkResult.Accept;
        server.Give(input => input.ConnectionOpened(new ConnectionId(2), facts));
        server.Link(2, "alice");
        Assert.Same(facts.Principal, alice.Principal);
        Assert.False(server.Server.Join("bob").Principal.Identity!.IsAuthenticated);
    }

    [Fact]
    public void Metadata_AreThoseOfTheLatestDecisionThatHasAny()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Server.OnJoin(user => user.SetMeta(new { color = user.Meta!.Deserialize<Dictionary<string, string>>()!["color"], seat = 1 }));
        server.Decide(LinkResult.Accept.WithMeta(new { color = "red" }));
        KrmxUser alice = server.Server.FindUser("alice")!;
        Assert.Equal("""{"color":"red","seat":1}""", $"{alice.Meta}");

        server.Close(1);
        server.Authenticate = static _ => LinkResult.Accept;
        server.Open(2);
        server.Link(2, "alice");
        Assert.Equal("""{"color":"red","seat":1}""", $"{alice.Meta}");

        server.Server.Unlink("alice");
        server.Authenticate = static _ => LinkResult.AcceptAs(new ClaimsPrincipal()).WithMeta("blue");
        server.Link(2, "alice");
        Assert.Equal("blue", alice.Meta!.Deserialize<string>());

        server.Server.Kick("alice");
        KrmxException gone = Assert.Throws<KrmxException>(() => alice.SetMeta("green"));
        Assert.Equal("cannot set the metadata of a user: user alice has left", gone.Message);
        server.Server.Join("alice");
        Assert.Throws<KrmxException>(() => alice.SetMeta("green"));
        Assert.Null(server.Server.FindUser("alice")!.Meta);
    }

    [Fact]
    public void Metadata_OfADecisionThatRefuses_AreRefused() =>
        Assert.Throws<InvalidOperationException>(() => LinkResult.Reject("no").WithMeta("red"));

    [Fact]
    public void ADecisionNobodyMade_Refuses()
    {
        RecordedServer server = RecordedServer.WithPending("alice");
        server.Decide(default);
        Assert.Equal(["1: rejected authentication failed", "rejected 1 Authentication"], server.Take());
        Assert.Equal("", server.Users);
    }

    [Fact]
    public void EveryAttemptEndsInExactlyOneOfAcceptedRejectedClosed()
    {
        Action<RecordedServer>[] ends =
        [
            server => server.Input.AuthenticationCompleted(new AttemptId(1), LinkResult.Accept),
            server => server.Input.AuthenticationCompleted(new AttemptId(1), No),
            server => server.Input.Advance(TimeSpan.FromDays(1)),
            server => server.Close(1),
            server => server.Input.Close(),
            server => server.Server.Kick("alice"),
        ];
        foreach (Action<RecordedServer> first in ends)
        {
            foreach (Action<RecordedServer> second in ends)
            {
                RecordedServer server = RecordedServer.WithPending("alice", 1, null, "alice");
                first(server);
                Record.Exception(() => second(server)); // a call that is refused by now is one of the ways
                string[] log = server.Take();
                int answers = log.Count(line => line is "1: accepted" || line.StartsWith("1: rejected", StringComparison.Ordinal));
                bool closedFirst = first == ends[3] || first == ends[4];
                Assert.Equal(closedFirst ? 0 : 1, answers);
            }
        }
    }

    [Fact]
    public void AReasonThatNoFrameCanHold_IsRefusedWhereItIsMade()
    {
        foreach (string reason in new[] { "\ud800", "a\udc00", "\udc00\ud800", "\ud83d\ude00\ud83d" })
            Assert.Throws<ArgumentException>(() => LinkResult.Reject(reason));
        Assert.Equal("\ud83d\ude00", LinkResult.Reject("\ud83d\ude00").Reason);
    }
}

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
        server.Input.AuthenticationTimedOut(attempt);
        server.Input.AuthenticationCompleted(attempt, accepted ? No : LinkResult.Accept);
        Assert.Empty(server.Take());
        Assert.Equal(accepted ? "alice*" : "", server.Users);
    }

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
            server => server.Input.AuthenticationTimedOut(new AttemptId(1)),
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

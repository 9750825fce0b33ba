using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 10, "Resume": a key is good for its own user alone, cannot be guessed, and proves nothing.</summary>
public sealed class SessionKeyTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Ticket = "alice's ticket";
    private const int Owner = 1, Stranger = 2, Returned = 3;

    // A million in all three.
    private const int Guesses = 333_334;

    /// <summary>Where nothing but the key tells the client that has the user from others.</summary>
    [Theory, FullRunOnly]
    [InlineData(LinkConflict.Reject)]
    [InlineData(LinkConflict.Challenge)]
    public void GuessesOfTheKeyOfOneWhoIsLinked_FindNothing(LinkConflict conflict)
    {
        var server = new RecordedServer(new KrmxRoomOptions { Links = { Conflict = conflict } });
        Begin(server);
        Guess(server, () =>
        {
            if (conflict != LinkConflict.Challenge)
                return;
            Assert.Equal([$"challenge {Owner}"], server.Take());
            server.Answer(Owner);
        }, "user alice is already linked to a connection", RejectionKind.AlreadyLinked);

        Assert.Equal("alice*", server.Users);
        server.Close(Owner);
        Assert.Equal(["unlink alice ConnectionClosed"], server.Take());
        GoesOn(server);
    }

    /// <summary>Who is away can be had by whoever may authenticate as it; nobody else comes closer by guessing.</summary>
    [Fact, FullRunOnly]
    public void GuessesOfTheKeyOfOneWhoIsAway_FindNothing()
    {
        var server = new RecordedServer(new KrmxRoomOptions { Links = { Conflict = LinkConflict.Replace } })
        {
            Authenticate = link => link.Auth == Ticket ? LinkResult.Accept : LinkResult.Reject("no ticket"),
        };
        Begin(server);
        server.Close(Owner);
        server.Take();
        Guess(server, () => { }, "no ticket", RejectionKind.Authentication);

        Assert.Equal("alice", server.Users);
        GoesOn(server);
    }

    [Fact]
    public void RightKey_ProvesNothing()
    {
        var server = new RecordedServer { Authenticate = link => link.Auth == Ticket ? LinkResult.Accept : LinkResult.Reject("no ticket") };
        Begin(server);
        server.Close(Owner);
        server.Take();
        server.Open(Stranger);
        Ask(server, Stranger, "alice", Key, attempt: 2, session: 1);
        Assert.Equal([$"{Stranger}: rejected no ticket", $"rejected {Stranger} Authentication"], server.Take());
        GoesOn(server);
    }

    [Fact]
    public void KeyOfAnotherUser_BeginsASessionOfItsOwn()
    {
        var server = new RecordedServer();
        Begin(server, attempt: 7);
        server.Close(Owner);
        server.Take();
        server.Server.Broadcast("secret");
        server.Open(Stranger);
        Ask(server, Stranger, "bob", Key, attempt: 3, session: 7);
        Assert.Equal(
            [
                "join bob",
                $$"""{{Stranger}}: accepted {"extensions":["resume"],"session":3,"recovered":false}""",
                $"""{Stranger}: users [["alice",false],["bob",true]]""",
                $"{Stranger}: ready",
                "link bob",
                $"""{Stranger}: changes [["joined","bob"],["linked","bob"]]""",
            ],
            server.Take());
        Assert.True(server.Server.FindUser("alice")!.IsReachable);
    }

    /// <summary>Links alice with the key and a session, and nothing to be told.</summary>
    private static void Begin(RecordedServer server, int attempt = 1)
    {
        server.Open(Owner);
        Ask(server, Owner, "alice", Key, attempt, session: null, Ticket);
        Assert.Contains("link alice", server.Take());
    }

    /// <summary>Names alice's session with keys that are not hers, and expects one refusal for each and nothing else.</summary>
    private static void Guess(RecordedServer server, Action meanwhile, string reason, RejectionKind kind)
    {
        var random = new Random(7);
        string[] refusal = [$"{Stranger}: rejected {reason}", $"rejected {Stranger} {kind}"];
        server.Open(Stranger);
        for (int i = 0; i < Guesses; i++)
        {
            Ask(server, Stranger, "alice", Wrong(random, i), attempt: i + 2, session: 1);
            meanwhile();
            string[] taken = server.Take();
            if (!taken.AsSpan().SequenceEqual(refusal))
                Assert.Equal(refusal, taken);
        }
    }

    /// <summary>Keys of every kind, every second of them almost the right one.</summary>
    private static string Wrong(Random random, int guess) => (guess % 8) switch
    {
        0 => Key[..random.Next(16, Key.Length)],
        1 => Key + random.Next(10),
        2 => Key.ToUpperInvariant(),
        3 => WithOtherCharacter(random.Next(Key.Length), random.Next(1, 16)),
        _ => random.GetHexString(32, lowercase: true),
    };

    private static string WithOtherCharacter(int index, int difference)
    {
        const string Digits = "0123456789abcdef";
        return Key[..index] + Digits[(Digits.IndexOf(Key[index], StringComparison.Ordinal) + difference) % Digits.Length] + Key[(index + 1)..];
    }

    /// <summary>Alice comes back with her key, and is told what she has missed.</summary>
    private static void GoesOn(RecordedServer server)
    {
        server.Server.Broadcast("missed");
        server.Take();
        server.Open(Returned);
        Ask(server, Returned, "alice", Key, attempt: 2, session: 1, Ticket);
        Assert.Equal(
            [
                $$"""{{Returned}}: accepted {"extensions":["resume"],"session":1,"recovered":true,"received":0}""",
                $$"""{{Returned}}: {"type":"missed"}""",
                "link alice recovered",
            ],
            server.Take().Take(3));
    }

    private static void Ask(RecordedServer server, int connection, string username, string key, int attempt, int? session, string? auth = null)
    {
        string place = session is null ? "" : $",\"session\":{session},\"received\":0";
        string resume = $$"""{"key":"{{key}}","attempt":{{attempt}}{{place}}}""";
        string ticket = auth is null ? "" : $",\"auth\":\"{auth}\"";
        server.Receive(
            connection,
            $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"0.6.0"{{{ticket}}},"extensions":["resume"],"resume":{{{resume}}}}}""");
    }
}

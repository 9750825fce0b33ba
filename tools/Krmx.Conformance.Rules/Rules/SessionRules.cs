using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;
using static Krmx.Conformance.Rules.Sessions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Resume": how a session begins, and who has the user.</summary>
internal static class SessionRules
{
    private const string StaleAttempt = "rejected: stale link attempt";
    private const string AlreadyLinked = "rejected: user alice is already linked to a connection";

    public static Rule[] Rules { get; } =
    [
        OfResume("10.10 session-begins", "a link with resume begins a session, which is named by its attempt, and implies presence", async trial =>
        {
            Peer alice = await ReturnAsync(trial, Link(trial, 7));
            await alice.ExpectAsync(Accepted(7), Users("""["alice",true]"""), Ready);
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await alice.ExpectAsync(Changes("""["joined","bob"],["linked","bob"]"""));
        }),
        OfResume("10.11 session-granted", "presence and resume are granted where both are asked for", async trial =>
        {
            string resume = $$"""{"attempt":1,"key":"{{Key}}","later":[]}""";
            Peer alice = await ReturnAsync(trial, Link(trial, resume, """["resume","presence"]"""));
            await alice.ExpectAsync(
                Accepted(1, extensions: """["presence","resume"]"""), Users("""["alice",true]"""), Ready);
        }),
        OfResume("10.12 session-unasked", "the extension without the member, or the member without the extension, is a link as ever", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            foreach (string link in new[]
            {
                Link(trial, resume: null),
                Link(trial, resume: "1", extensions: "[]"),
            })
            {
                await alice.SendAsync(link);
                await alice.SendAsync(Leave);
                await alice.ExpectAsync("accepted", "joined alice", "linked alice", "unlinked alice", "left alice");
            }
        }),
        OfResume("10.13 session-malformed", "a resume of another shape is rejected", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            foreach (string resume in Malformed())
            {
                await alice.SendAsync(Link(trial, resume));
                await alice.ExpectAsync("rejected: invalid link request");
            }
            await alice.SendAsync(Link(trial, """{"key":"0123456789abcdef\ud800","attempt":1}"""));
            await alice.ExpectAsync("rejected: invalid message");
            await alice.ExpectQuietAndUnlinkedAsync();
        }),
        OfSession("10.14 attempt-stale", "an attempt that is not higher than one that was accepted is rejected", async (trial, alice, bob) =>
        {
            Peer other = await ReturnAsync(trial, Link(trial, 1));
            await other.ExpectAsync(StaleAttempt);
            await trial.ExpectEventsAsync();
            await LoseAsync(alice, bob);
            await other.SendAsync(Link(trial, 1, session: 1, received: 0));
            await other.ExpectAsync(StaleAttempt);
            await other.SendAsync(Link(trial, 3, session: 1, received: 0));
            await ExpectRecoveredAsync(other, received: 0);
            Peer late = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await late.ExpectAsync(StaleAttempt);
        }),
        OfResume("10.15 attempt-overtaken", "whether an attempt is stale is asked again after authentication", async trial =>
        {
            Peer former = await ReturnAsync(trial, Link(trial, 1, auth: "later"));
            await trial.ExpectUndecidedAsync(1);
            Peer latter = await ReturnAsync(trial, Link(trial, 2));
            await latter.ExpectAsync(Accepted(2), Users("""["alice",true]"""), Ready);
            await trial.DecideAsync();
            await former.ExpectAsync(StaleAttempt);
            await latter.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.16 key-proves-nothing", "a link into a session is authenticated as every link", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0, auth: "wrong"));
            await back.ExpectAsync($"rejected: {ServerSetup.Refusal}");
            await back.SendAsync(Link(trial, 2, session: 1, received: 0));
            await ExpectRecoveredAsync(back, received: 0);
        }),
        Takeover("challenge", conflict: null),
        Takeover("reject", LinkConflict.Reject),
        Takeover("replace", LinkConflict.Replace),
        OfSession("10.18 takeover-anew", "the client of a session may take its user over for a session of its own", async (trial, alice, bob) =>
        {
            Peer again = await ReturnAsync(trial, Link(trial, 2));
            await again.ExpectAsync(Accepted(2), Users("""["bob",true],["alice",true]"""), Ready);
            await alice.ExpectCloseAsync(1008);
            await bob.ExpectAsync("unlinked alice", "linked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice Replaced", "link alice");
        }),
        OfSession("10.19 other-key-alive", "another key is another client: the user of a live connection is linked already", async (trial, alice, _) =>
        {
            Peer other = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0, key: OtherKey));
            await other.ExpectAsync(AlreadyLinked);
            await alice.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.20 other-key-away", "another client has the user of one that is away, whose session has ended then", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            Peer other = await ReturnAsync(trial, Link(trial, 1, session: 1, received: 0, key: OtherKey));
            await ExpectAnewAsync(other, session: 1, received: null);
            await trial.ExpectEventsAsync("unlink alice", "session alice Replaced", "link alice");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await back.ExpectAsync(AlreadyLinked);
        }),
        OfSession("10.21 replaced-by-a-link", "a link without a session ends that of a user who is away", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 2);
            await LoseAsync(alice, bob);
            Peer other = await trial.ConnectAsync();
            await other.LinkAsync("alice");
            await other.ExpectAsync("accepted", "joined bob", "linked bob", "joined alice", "linked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice Replaced", "link alice");
            await other.SendAsync(Unlink);
            await other.ExpectAsync("unlinked alice");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 2));
            await ExpectAnewAsync(back, session: 2, received: 2);
        }),
    ];

    private static Rule Takeover(string name, LinkConflict? conflict) => OfSession(
        $"10.17 takeover-{name}",
        $"the client of a session has its user on another connection, and the former one is closed{PolicyOf(conflict)}",
        async (trial, alice, bob) =>
        {
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await alice.ExpectAsync(CarolCame);
            await bob.ExpectAsync("joined carol", "linked carol");
            await trial.ExpectEventsAsync("join carol", "link carol");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await back.ExpectAsync(
                Accepted(1, recovered: true, received: 0),
                CarolCame,
                Changes("""["unlinked","alice"],["linked","alice"]"""));
            await alice.TrySendAsync(Unlink); // too late
            await alice.ExpectCloseAsync(1008);
            await bob.ExpectAsync("unlinked alice", "linked alice");
            await back.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("unlink alice", "link alice");
        },
        new ServerSetup { Conflict = conflict });

    private static string PolicyOf(LinkConflict? conflict) => conflict switch
    {
        LinkConflict.Reject => ", also where others are rejected",
        LinkConflict.Replace => ", also where others replace",
        _ => "",
    };

    private static IEnumerable<string> Malformed()
    {
        const string KeyMember = $"\"key\":\"{Key}\"";
        yield return "null";
        yield return "1";
        yield return "[]";
        yield return "{}";
        yield return $$"""{{{KeyMember}}}""";
        yield return """{"attempt":1}""";
        yield return """{"key":1,"attempt":1}""";
        yield return """{"key":"fifteen-letters","attempt":1}""";
        yield return $$"""{"key":"{{new string('k', 65)}}","attempt":1}""";
        foreach (string number in new[] { "0", "-1", "1.5", "\"1\"", "null", "9007199254740992" })
        {
            yield return $$"""{{{KeyMember}},"attempt":{{number}}}""";
            yield return $$"""{{{KeyMember}},"attempt":1,"session":{{number}}}""";
        }
        foreach (string number in new[] { "-1", "0.5", "\"0\"", "null" })
            yield return $$"""{{{KeyMember}},"attempt":2,"session":1,"received":{{number}}}""";
    }
}

using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;
using static Krmx.Conformance.Rules.Sessions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Resume": what is sent to a client that comes back, and when a session can be recovered no more.</summary>
internal static class RecoveryRules
{
    private const string One = """{"type":"one"}""";
    private const string Two = """{"type":"two"}""";
    private const string Three = """{"type":"three"}""";
    private const string Left = "rejected: user alice has left";

    public static Rule[] Rules { get; } =
    [
        OfSession("10.30 recovered", "who comes back is sent what it has missed, in order, and no users, states or ready", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            await trial.CallAsync(AppCall.Broadcast(One));
            await trial.CallAsync(AppCall.Join("dora"));
            await trial.CallAsync(AppCall.Send("alice", Two));
            await trial.CallAsync(AppCall.Send("bob", "{\"type\":\"not for alice\"}"));
            await trial.CallAsync(AppCall.Broadcast("{\"type\":\"not for alice\"}", except: "alice"));
            await trial.CallAsync(AppCall.Broadcast(Three, except: "bob"));
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await ExpectRecoveredAsync(back, received: 0, One, Changes("""["joined","dora"]"""), Two, Three);
            await trial.ExpectEventsAsync("unlink alice", "join dora", "link alice");
            await trial.CallAsync(AppCall.Broadcast(One));
            await back.ExpectAsync(One);
            await back.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.31 recovered-from", "what was received is not sent again; the client is told how much was handled", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 3);
            await LoseAsync(alice, bob);
            await trial.CallAsync(AppCall.Broadcast(One));
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 2));
            await ExpectRecoveredAsync(back, received: 3, ServerSetup.Barrier, One);
        }),
        OfSession("10.32 recovered-again", "a session goes on over any number of connections, and counts on", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectRecoveredAsync(back, received: 1);
            await bob.ExpectAsync("linked alice");
            await ExchangeAsync(trial, back, 1);
            await LoseAsync(back, bob);
            Peer again = await ReturnAsync(trial, Link(trial, 3, session: 1, received: 1));
            await ExpectRecoveredAsync(again, received: 2, BackAgain, ServerSetup.Barrier);
        }),
        OfSession("10.33 received-absent", "a session is not recovered where its client does not say how much it received", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 2);
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1));
            await ExpectAnewAsync(back, session: 2, received: 2);
            await trial.ExpectEventsAsync("unlink alice", "session alice Replaced", "link alice");
            await back.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.34 received-too-much", "a session is not recovered where its client received more than was sent", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 2);
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 3));
            await ExpectAnewAsync(back, session: 2, received: 2);
        }),
        OfSession("10.35 received-confirmed", "a session is not recovered where its client received less than it had confirmed", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 2);
            await alice.SendAsync(Ack(received: 2, sent: 2));
            await ExchangeAsync(trial, alice, 1);
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectAnewAsync(back, session: 2, received: 3);
        }),
        OfResume("10.36 session-unknown", "a session that the room does not know is not recovered, and nothing is said of it", async trial =>
        {
            Peer alice = await ReturnAsync(trial, Link(trial, 5, session: 4, received: 2));
            await alice.ExpectAsync(Accepted(5, recovered: false), Users("""["alice",true]"""), Ready);
        }),
        OfSession("10.37 session-goes-on", "a session goes on for less than 120 s without a connection, each time anew", async (trial, alice, bob) =>
        {
            TimeSpan almost = Grace - TimeSpan.FromMilliseconds(1);
            await LoseAsync(alice, bob);
            await trial.PassTimeAsync(almost);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await ExpectRecoveredAsync(back, received: 0);
            await bob.ExpectAsync("linked alice");
            await LoseAsync(back, bob);
            await trial.PassTimeAsync(almost);
            Peer again = await ReturnAsync(trial, Link(trial, 3, session: 1, received: 1));
            await ExpectRecoveredAsync(again, received: 0);
        }),
        OfSession("10.38 session-expires", "after 120 s a session ends; for 120 s more the room says how much was handled", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await LoseAsync(alice, bob);
            await trial.PassTimeAsync(Grace);
            await trial.WaitForEventAsync("session alice Expired");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectAnewAsync(back, session: 2, received: 1);
        }),
        OfSession("10.39 session-forgotten", "of a session that ended 120 s ago the room knows nothing", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await LoseAsync(alice, bob);
            await trial.PassTimeAsync(Grace);
            await trial.WaitForEventAsync("session alice Expired");
            await trial.PassTimeAsync(Grace);
            await bob.ExpectQuietAndLinkedAsync();
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectAnewAsync(back, session: 2, received: null);
        }),
        OfSession("10.40 session-overflows", "a session ends when the room let go of what its client had not had", async (trial, alice, bob) =>
        {
            string large = Wire.Text("large", $"\"{new string('x', 64 * 1024)}\"");
            await LoseAsync(alice, bob);
            for (int sent = 0; sent < 1024 * 1024; sent += large.Length)
            {
                await trial.CallAsync(AppCall.Broadcast(large));
                await bob.ExpectAsync(large);
            }
            await trial.ExpectEventsAsync("unlink alice", "session alice Overflowed");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await ExpectAnewAsync(back, session: 2, received: 0);
        }),
        OfSession("10.41 session-unlinked", "a session ends where its client unlinks, and is not recovered", async (trial, alice, _) =>
        {
            await alice.SendAsync(Unlink);
            await alice.ExpectAsync(Ack(received: 1, sent: 0), "unlinked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice Unlinked");
            await alice.SendAsync(Link(trial, 2, session: 1, received: 0));
            await ExpectAnewAsync(alice, session: 2, received: 1);
        }),
        OfSession("10.42 session-left", "a link into a session whose user left is rejected; one without begins anew", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            await trial.CallAsync(AppCall.Kick("alice"));
            await trial.ExpectEventsAsync("unlink alice", "session alice Left", "leave alice");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await back.ExpectAsync(Left);
            await back.SendAsync(Link(trial, 3));
            await back.ExpectAsync(Accepted(3), Users("""["bob",true],["alice",true]"""), Ready);
        }),
        OfSession("10.43 session-left-on-request", "the same where its client has left", async (trial, alice, bob) =>
        {
            await alice.SendAsync(Leave);
            await alice.ExpectAsync(Ack(received: 1, sent: 0), "unlinked alice", "left alice");
            await alice.SendAsync(Link(trial, 2, session: 1, received: 0));
            await alice.ExpectAsync(Left);
        }),
        OfSession("10.44 recovered-changes", "who comes back is told what became of others meanwhile, in the same order", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await bob.ExpectAsync("joined carol", "linked carol");
            await carol.SendAsync(Leave);
            await bob.ExpectAsync("unlinked carol", "left carol");
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await ExpectRecoveredAsync(back, received: 0, CarolCame, Changes("""["unlinked","carol"],["left","carol"]"""));
            await back.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.45 recovered-rest", "and what of it was received is not sent again", async (trial, alice, bob) =>
        {
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await alice.ExpectAsync(CarolCame);
            await carol.SendAsync(Unlink);
            await alice.ExpectAsync(Changes("""["unlinked","carol"]"""));
            await bob.ExpectAsync("joined carol", "linked carol", "unlinked carol");
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectRecoveredAsync(back, received: 0, Changes("""["unlinked","carol"]"""));
            await bob.ExpectAsync("linked alice");
            await LoseAsync(back, bob);
            Peer again = await ReturnAsync(trial, Link(trial, 3, session: 1, received: 3));
            await ExpectRecoveredAsync(again, received: 0);
        }),
        OfSession("10.46 recovered-too-much", "a session is not recovered where its client received more changes than there were", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectAnewAsync(back, session: 2, received: 0);
        }),
        OfSession("10.47 session-left-forgotten", "120 s after its user left, a session is unknown", async (trial, alice, _) =>
        {
            await alice.SendAsync(Leave);
            await alice.ExpectAsync(Ack(received: 1, sent: 0), "unlinked alice", "left alice");
            await trial.PassTimeAsync(Grace);
            await alice.ExpectQuietAndUnlinkedAsync();
            await alice.SendAsync(Link(trial, 2, session: 1, received: 0));
            await ExpectAnewAsync(alice, session: 2, received: null);
        }),
    ];
}

using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;
using static Krmx.Conformance.Rules.Sessions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Resume": how the two sides tell each other how much they have handled.</summary>
internal static class AckRules
{
    private const int MessagesBetweenAcks = 32;

    private static readonly TimeSpan AckDelay = TimeSpan.FromMilliseconds(250);

    public static Rule[] Rules { get; } =
    [
        OfSession("10.50 ack-in-time", "a client is told 250 ms after the first message that it was not told of", async (trial, alice, _) =>
        {
            var moment = TimeSpan.FromMilliseconds(1);
            await ExchangeAsync(trial, alice, 1);
            await trial.PassTimeAsync(AckDelay - moment);
            await ExchangeAsync(trial, alice, 1);
            await trial.PassTimeAsync(moment);
            await alice.ExpectAsync(Ack(received: 2, sent: 2));
            await trial.PassTimeAsync(AckDelay);
            await ExchangeAsync(trial, alice, 1);
            await trial.PassTimeAsync(AckDelay);
            await alice.ExpectAsync(Ack(received: 3, sent: 3));
        }),
        OfSession("10.51 ack-of-many", "a client is told after 32 messages at once", async (trial, alice, _) =>
        {
            await ExchangeAsync(trial, alice, MessagesBetweenAcks - 1);
            await alice.SendAsync(ServerSetup.Barrier);
            await alice.ExpectAsync(Ack(MessagesBetweenAcks, sent: MessagesBetweenAcks - 1), ServerSetup.Barrier);
            await trial.PassTimeAsync(AckDelay);
            await alice.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.52 ack-by-accepted", "what accepted said is not told again", async (trial, alice, bob) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await LoseAsync(alice, bob);
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1));
            await ExpectRecoveredAsync(back, received: 1);
            await trial.PassTimeAsync(AckDelay);
            await ExchangeAsync(trial, back, 1);
            await trial.PassTimeAsync(AckDelay);
            await back.ExpectAsync(Ack(received: 2, sent: 3));
        }),
        OfSession("10.53 ack-counts", "acks, accepted and rejected do not count", async (trial, alice, _) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await alice.SendAsync(Ack(received: 1, sent: 1));
            await alice.SendAsync(Ack(received: 1, sent: 1));
            await alice.ExpectQuietAndLinkedAsync();
            await trial.PassTimeAsync(AckDelay);
            await alice.ExpectAsync(Ack(received: 2, sent: 2));
            await alice.SendAsync(Ack(received: 2, sent: 2));
            await alice.ExpectQuietAndLinkedAsync();
        }),
        OfSession("10.54 ack-wrong", "an ack that cannot be ends the link and the session", (trial, alice, _) => ExpectEndByEachAsync(trial, alice, Wrong(), exchanged: 1)),
        OfSession("10.55 ack-goes-back", "an ack of less than the one before it ends the link and the session", async (trial, alice, _) =>
        {
            await ExchangeAsync(trial, alice, 2);
            await alice.SendAsync(Ack(received: 2, sent: 2));
            await alice.SendAsync(Ack(received: 1, sent: 2));
            await alice.ExpectAsync(Ack(received: 2, sent: 2), "unlinked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice ProtocolViolation");
        }),
        OfResume("10.56 ack-unlinked", "an ack from a connection that is not linked is ignored", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.SendAsync(Ack(received: 1, sent: 1));
            await alice.SendAsync(Wire.Text("krmx/ack", null));
            await alice.ExpectQuietAndUnlinkedAsync();
        }),
        OfResume("10.57 ack-without-session", "an ack on a link without a session unlinks", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Ack(received: 0, sent: 0));
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("unlink alice");
        }),
        OfSession("10.58 ack-at-the-end", "whose session ends on an open connection is told once more before it is unlinked", async (trial, alice, _) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await trial.CallAsync(AppCall.Unlink("alice"));
            await alice.ExpectAsync(Ack(received: 1, sent: 1), "unlinked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice Unlinked");
            await alice.SendAsync(Link(trial, 2));
            await alice.ExpectAsync(Accepted(2), Users("""["bob",true],["alice",true]"""), Ready);
            await trial.CallAsync(AppCall.Kick("alice"));
            await alice.ExpectAsync(Ack(received: 0, sent: 0), "unlinked alice", "left alice");
            await trial.ExpectEventsAsync("link alice", "unlink alice", "session alice Left", "leave alice");
        }),
        OfSession("10.59 ack-at-the-close", "and when the server closes", async (trial, alice, _) =>
        {
            await ExchangeAsync(trial, alice, 1);
            await trial.BeginCloseAsync();
            await alice.ExpectFarewellAsync(Ack(received: 1, sent: 1), "unlinked alice", "left alice");
        }),
        OfSession("10.60 ack-when-replaced", "and when somebody else replaces the client", async (trial, alice, bob) =>
        {
            Peer other = await trial.ConnectAsync();
            await other.LinkAsync("alice");
            await alice.ExpectAsync(Ack(received: 0, sent: 0), "unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await other.ExpectAsync("accepted", "joined bob", "linked bob", "joined alice", "linked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice Replaced", "link alice");
        }, new ServerSetup { Conflict = LinkConflict.Replace }),
        OfSession("10.61 ack-malformed", "an ack of more than there was, or of another shape, ends the link and the session", (trial, alice, _) => ExpectEndByEachAsync(trial, alice, Malformed(), exchanged: 0)),
    ];

    /// <summary>Demands of each of some acks that it ends the link and the session, where each side has sent so many messages; alice begins anew behind it.</summary>
    private static async Task ExpectEndByEachAsync(Trial trial, Peer alice, IEnumerable<string> acks, int exchanged)
    {
        int session = 1;
        foreach (string wrong in acks)
        {
            if (exchanged > 0)
                await ExchangeAsync(trial, alice, exchanged);
            await alice.SendAsync(wrong);
            await alice.ExpectAsync(Ack(received: exchanged, sent: exchanged), "unlinked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice ProtocolViolation");
            await alice.SendAsync(Link(trial, ++session, session: session - 1, received: exchanged));
            await ExpectAnewAsync(alice, session, received: exchanged);
            await trial.ExpectEventsAsync("link alice");
        }
    }

    /// <summary>Acks that cannot be where nothing was sent.</summary>
    private static IEnumerable<string> Malformed() =>
    [
        Ack(received: 1, sent: 0),
        Ack(received: 0, sent: 1),
        Ack(received: 0, sent: -1),
        Wire.Text("krmx/ack", null),
        Wire.Text("krmx/ack", """{"received":0}"""),
        Wire.Text("krmx/ack", """{"received":0,"sent":"0"}"""),
    ];

    /// <summary>Acks that cannot be where each side has sent and received one message.</summary>
    private static IEnumerable<string> Wrong() =>
    [
        Ack(received: 2, sent: 1),
        Ack(received: 1, sent: 0),
        Ack(received: 1, sent: 2),
        Ack(received: -1, sent: 1),
        Wire.Text("krmx/ack", null),
        Wire.Text("krmx/ack", "null"),
        Wire.Text("krmx/ack", """{"received":1}"""),
        Wire.Text("krmx/ack", """{"sent":1}"""),
        Wire.Text("krmx/ack", """{"received":"1","sent":1}"""),
        Wire.Text("krmx/ack", """{"received":0.5,"sent":1}"""),
    ];
}

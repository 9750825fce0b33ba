using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 9: shared state, carried by messages that are the application's own for everything else in the protocol.</summary>
/// <remarks>The TypeScript server knows nothing of them: there, an application puts server and state together by itself.</remarks>
internal static class StateRules
{
    private static readonly ServerSetup State = new() { HasState = true };

    public static Rule[] Rules { get; } =
    [
        .. Atoms(),
        .. Streams(),
        .. Projections(),
    ];

    private static Rule[] Atoms() =>
    [
        Of("9.1 atom-set", "an atom that a client sets is stored and sent to every linked user, the sender too", async trial =>
        {
            Peer[] users = [await trial.LinkedAsync("alice"), await trial.LinkedAsync("bob")];
            await trial.SettleAsync();
            foreach (string atom in new[] { "\"text\"", "12", "1.50", "-2e3", "true", "false" })
            {
                await users[0].SendAsync(Atom("key", atom));
                foreach (Peer user in users)
                    await user.ExpectAsync(Atom("key", atom));
            }
        }),
        Of("9.2 atoms-on-link", "on link the server sends every atom", async trial =>
        {
            await trial.CallAsync(AppCall.SetAtom("title", "\"Chess\""));
            await trial.CallAsync(AppCall.SetAtom("title", "\"Go\""));
            Peer alice = await trial.ConnectAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice", Atom("title", "\"Go\""), NoHands);
        }),
        Of("9.3 atom-wrong-shape", "what is no atom is ignored", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await ExpectIgnoredAsync(
                alice,
                "atom/set",
                "null", "7", "[]", "{}", """{"key":"a"}""", """{"atom":1}""", """{"key":1,"atom":1}""", """{"key":"a","atom":null}""",
                """{"key":"a","atom":{}}""", """{"key":"a","atom":[]}""", """{"key":"\ud800","atom":1}""", """{"key":"a","atom":"\ud800"}""",
                null);
        }),
        Of("9.4 atom-prefixes", "with strict prefixes a key with a slash is for the user before it", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Atom("bob/colour", "1"));
            await alice.SendAsync(Atom("alice/colour", "2"));
            await alice.ExpectAsync(Atom("alice/colour", "2"));
            await alice.SendAsync(Atom("colour", "3"));
            await alice.ExpectAsync(Atom("colour", "3"));
        }, State with { HasStrictAtoms = true }),
        Of("9.5 atom-answers", "a client that sends an optimisticId, and it alone, is answered with it", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync(Wire.Text("atom/set", """{"key":"round","atom":1,"optimisticId":"a1"}"""));
            await alice.ExpectAsync(Wire.Text("atom/set", """{"key":"round","atom":1,"optimisticId":"a1"}"""));
            await bob.ExpectAsync(Atom("round", "1"));
            await alice.SendAsync(Wire.Text("atom/set", """{"key":"bob/round","atom":1,"optimisticId":"a2"}"""));
            await alice.ExpectAsync(Wire.Text("atom/invalidate", """{"key":"bob/round","optimisticId":"a2","reason":"the key belongs to another user"}"""));
            await bob.ExpectQuietAndLinkedAsync();
        }, State with { HasStrictAtoms = true }),
        Of("9.6 atoms-of-strangers", "one who is not linked sets no atom", async trial =>
        {
            Peer stranger = await trial.ConnectAsync();
            await stranger.SendAsync(Atom("key", "1"));
            await stranger.ExpectAsync("rejected: unlinked connection");
            await stranger.LinkAsync("alice");
            await stranger.ExpectAsync("accepted", "joined alice", "linked alice", NoHands);
        }),
        Of("9.7 clear-when-empty", "where it is asked for, shared state begins anew when the last user has left, and not before", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Atom("key", "1"));
            await alice.SendAsync(Append("add", "1"));
            await alice.SendAsync(Act("take", "1"));
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Unlink("alice"));
            await trial.SettleAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice", Atom("key", "1"), Appended("alice", "add", "1"), Hands(1, 1));
            await trial.CallAsync(AppCall.Kick("alice"));
            await trial.SettleAsync();
            await alice.LinkAsync("bob");
            await alice.ExpectAsync("accepted", "joined bob", "linked bob", NoHands);
        }, State with { ClearsStateWhenEmpty = true }),
    ];

    private static Rule[] Streams() =>
    [
        Of("9.20 stream-append", "an event is appended in the name of who sent it, whatever it says, and sent to every linked user", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync(Append("add", "1", dispatcher: "bob"));
            await alice.ExpectAsync(Appended("alice", "add", "1"));
            await bob.ExpectAsync(Appended("alice", "add", "1"));
        }),
        Of("9.21 stream-on-link", "on link the server sends the whole log in order", async trial =>
        {
            await trial.CallAsync(AppCall.Append("server", 1));
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Append("add", "2"));
            await ExpectOnLinkAsync(trial, Appended("server", "add", "1"), Appended("alice", "add", "2"));
        }),
        Of("9.22 stream-refused", "an event of an unknown type, or with a payload that is not valid, is not appended", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Append("add", "10"));
            await alice.SendAsync(Append("add", "\"one\""));
            await alice.SendAsync(Append("subtract", "1"));
            await alice.SendAsync(Append("constructor", "1"));
            await alice.SendAsync(Append("add", "9"));
            await alice.ExpectAsync(Appended("alice", "add", "9"));
        }),
        Of("9.23 stream-throws", "an event whose handler throws is appended and changes nothing", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Wire.Text("stream/append", """{"domain":"sum","dispatcher":"alice","event":{"type":"break"}}"""));
            await alice.ExpectAsync(Wire.Text("stream/append", """{"domain":"sum","dispatcher":"alice","event":{"type":"break"}}"""));
        }),
        Of("9.25 stream-answers", "a client that sends an optimisticId, and it alone, is answered with it", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync(Wire.Text("stream/append", """{"domain":"sum","dispatcher":"alice","event":{"type":"add","payload":1},"optimisticId":"a1"}"""));
            await alice.ExpectAsync(Wire.Text("stream/append", """{"domain":"sum","dispatcher":"alice","event":{"type":"add","payload":1},"optimisticId":"a1"}"""));
            await bob.ExpectAsync(Appended("alice", "add", "1"));
            await alice.SendAsync(Wire.Text("stream/append", """{"domain":"sum","event":{"type":"add","payload":10},"optimisticId":"a2"}"""));
            await alice.ExpectAsync(Wire.Text("stream/invalidate", """{"domain":"sum","optimisticId":"a2","reason":"the number is too large"}"""));
            await bob.ExpectQuietAndLinkedAsync();
        }),
        Of("9.26 stream-wrong-shape", "what is no event, or is for no stream there is, is ignored", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await ExpectIgnoredAsync(
                alice,
                "stream/append",
                "null", "7", "{}", """{"domain":"sum"}""", """{"domain":"sum","event":"add"}""", """{"domain":"sum","event":{"payload":1}}""",
                """{"domain":"sum","event":{"type":7}}""", """{"event":{"type":"add","payload":1}}""",
                """{"domain":"toString","event":{"type":"add","payload":1}}""", """{"domain":7,"event":{"type":"add","payload":1}}""");
        }),
        Of("9.27 stream-snapshot", "a log that is full is cut: newcomers are sent a snapshot of the server's, and what followed", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            foreach (string number in new[] { "1", "2", "3" })
            {
                await alice.SendAsync(Append("add", number));
                await alice.ExpectAsync(Appended("alice", "add", number));
            }
            await alice.SendAsync(Append("total", "7"));
            await ExpectOnLinkAsync(trial, Appended("", "total", "3"), Appended("alice", "add", "3"));
            await alice.ExpectAsync("joined bob", "linked bob");
        }, State with { MaxLogBytes = 250 }),
    ];

    private static Rule[] Projections() =>
    [
        Of("9.40 projection-on-link", "on link the server sends the user's view", async trial =>
        {
            await trial.CallAsync(AppCall.Act("bob", 5));
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await bob.ExpectAsync("accepted", "joined bob", "linked bob", Hands(1, 5));
        }),
        Of("9.41 projection-delta", "a change is sent to every linked user whose view it changed, as what it changed there", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync(Act("take", "5"));
            await alice.ExpectAsync(Delta("""{"hands":[0,1],"own":[0,5]}"""));
            await bob.ExpectAsync(Delta("""{"hands":[0,1]}"""));
            await alice.SendAsync(Act("take", "6"));
            await alice.ExpectAsync(Delta("""{"own":[0,6]}"""));
            await bob.ExpectQuietAndLinkedAsync();
        }),
        Of("9.42 projection-answers", "a client that sends an optimisticId, and it alone, is answered with it", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync(Act("take", "5", "a1"));
            await alice.ExpectAsync(Delta("""{"hands":[0,1],"own":[0,5]}""", "a1"));
            await bob.ExpectAsync(Delta("""{"hands":[0,1]}"""));
            await alice.SendAsync(Act("take", "5", "a2"));
            await alice.ExpectAsync(Invalidate("a2", "\"accepted\":true"));
            await alice.SendAsync(Act("take", "10", "a3"));
            await alice.ExpectAsync(Invalidate("a3", "\"accepted\":false,\"reason\":\"the number is too large\""));
            await alice.SendAsync(Act("fail", "null", "a4"));
            await alice.ExpectAsync(Invalidate("a4", "\"accepted\":false,\"reason\":\"it is not your turn\""));
            await alice.SendAsync(Act("unknown", "1", "a5"));
            await alice.ExpectAsync(Invalidate("a5", "\"accepted\":false,\"reason\":\"there is no such type of action\""));
            await bob.ExpectQuietAndLinkedAsync();
        }),
        Of("9.43 projection-throws", "a handler that throws changes nothing, and of what it said no word is sent", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Act("break", "null", "a1"));
            await alice.ExpectAsync(Invalidate("a1", "\"accepted\":false,\"reason\":\"the action failed\""));
            await alice.ExpectQuietAndLinkedAsync();
        }),
        Of("9.44 projection-silent", "a client that sends no optimisticId is not answered", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Act("take", "10"));
            await alice.SendAsync(Act("unknown", "1"));
            await alice.ExpectQuietAndLinkedAsync();
        }),
        Of("9.45 projection-wrong-shape", "what is no action, or is for no projection there is, is ignored", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await ExpectIgnoredAsync(
                alice,
                "projection/action",
                "null", "7", "{}", """{"domain":"hands"}""", """{"domain":"hands","action":"take"}""", """{"domain":"hands","action":{"payload":1}}""",
                """{"action":{"type":"take","payload":1}}""", """{"domain":"feet","action":{"type":"take","payload":1},"optimisticId":"a1"}""",
                """{"domain":"hands","action":{"type":"take","payload":1},"optimisticId":7}""");
        }),
        Of("9.46 projection-unlinked", "an unlinked user is sent nothing, and the view as it is on the next link", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Unlink("alice"));
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Act("alice", 3));
            await alice.ExpectQuietAndUnlinkedAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice", Hands(1, 3));
        }),
    ];

    private static string NoHands => Hands(0, 0);

    private static Rule Of(string id, string title, Func<Trial, Task> check, ServerSetup? setup = null) =>
        new(id, title, check) { IsAddition = true, Setup = setup ?? State };

    /// <summary>Demands that messages of a type with these payloads, null for none, have no effect and no answer.</summary>
    private static async Task ExpectIgnoredAsync(Peer peer, string type, params string?[] payloads)
    {
        foreach (string? payload in payloads)
        {
            await peer.SendAsync(Wire.Text(type, payload));
            await peer.ExpectQuietAndLinkedAsync();
        }
    }

    /// <summary>Demands that bob, who links beside alice, is sent these events of the stream.</summary>
    private static async Task ExpectOnLinkAsync(Trial trial, params string[] events)
    {
        await trial.SettleAsync();
        Peer bob = await trial.ConnectAsync();
        await bob.LinkAsync("bob");
        await bob.ExpectAsync(["accepted", "joined alice", "linked alice", "joined bob", "linked bob", .. events, NoHands]);
    }

    private static string Atom(string key, string atom) => Wire.Text("atom/set", $$"""{"key":"{{key}}","atom":{{atom}}}""");

    private static string Append(string type, string payload, string dispatcher = "alice") => Appended(dispatcher, type, payload);

    private static string Appended(string dispatcher, string type, string payload) => Wire.Text(
        "stream/append", $$$"""{"domain":"sum","dispatcher":"{{{dispatcher}}}","event":{"type":"{{{type}}}","payload":{{{payload}}}}}""");

    private static string Act(string type, string payload, string? id = null) => Wire.Text(
        "projection/action",
        $$$"""{"domain":"hands","action":{"type":"{{{type}}}","payload":{{{payload}}}}{{{(id is null ? "" : $",\"optimisticId\":\"{id}\"")}}}}""");

    private static string Hands(int hands, int own) =>
        Wire.Text("projection/set", $$$"""{"domain":"hands","projection":{"note":"so that a delta is shorter than the view","hands":{{{hands}}},"own":{{{own}}}}}""");

    private static string Delta(string delta, string? id = null) => Wire.Text(
        "projection/delta", $$"""{"domain":"hands","delta":{{delta}}{{(id is null ? "" : $",\"optimisticId\":\"{id}\"")}}}""");

    private static string Invalidate(string id, string answer) =>
        Wire.Text("projection/invalidate", $$"""{"domain":"hands","optimisticId":"{{id}}",{{answer}}}""");
}

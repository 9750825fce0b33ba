using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 8, items 2 to 8 and 11: link attempts that take time, and cross each other.</summary>
internal static class FixedLinks
{
    private static readonly string[] Alice = ["accepted", "joined alice", "linked alice"];

    public static Rule[] Rules { get; } =
    [
        Fixed("8.1 accepted-later", "an authentication may answer later; until then nobody hears anything", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await trial.ExpectUndecidedAsync(1);
            await bob.ExpectQuietAndLinkedAsync();
            await trial.ExpectUsersAsync("bob*");
            await trial.DecideAsync();
            await client.ExpectAsync("accepted", "joined bob", "linked bob", "joined alice", "linked alice");
            await bob.ExpectAsync("joined alice", "linked alice");
        }),
        Fixed("8.2 refused-later", "an authentication that refuses later is rejected once", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await trial.DecideAsync("not today");
            await client.ExpectAsync("rejected: not today");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync();
        }),
        Fixed("8.3 two-links-new-user", "of two links for one new user while authentication awaits exactly one wins", async trial =>
        {
            (Peer first, Peer second) = await TwoPendingAsync(trial);
            await trial.DecideAsync();
            await trial.DecideAsync();
            await first.ExpectAsync(Alice);
            await first.ExpectQuietAndLinkedAsync();
            await second.ExpectAsync("rejected: user alice is already linked to a connection");
            await second.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("join alice", "link alice");
        }),
        Fixed("8.4 two-links-known-user", "of two links for one known user while authentication awaits exactly one wins", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            (Peer first, Peer second) = await TwoPendingAsync(trial);
            await trial.DecideAsync("not you");
            await trial.DecideAsync();
            await first.ExpectAsync("rejected: not you");
            await second.ExpectAsync(Alice);
            await second.ExpectQuietAndLinkedAsync();
            await first.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("join alice", "link alice");
        }),
        Fixed("8.5 joined-meanwhile", "an authentication holds for the user as it was: a later one is another", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await trial.ExpectUndecidedAsync(1);
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.DecideAsync();
            await client.ExpectAsync("rejected: user alice joined while this link was being authenticated");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectUsersAsync("alice");
        }),
        Fixed("8.6 left-meanwhile", "a user who leaves during the authentication ends the attempt at once", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await trial.ExpectUndecidedAsync(1);
            await trial.CallAsync(AppCall.Kick("alice"));
            await client.ExpectAsync("rejected: user alice left before the link was made");
            await trial.ExpectUndecidedAsync(0);
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("join alice", "leave alice");
        }),
        Fixed("8.7 closed-meanwhile", "a connection that closes during the authentication ends the attempt", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await trial.ExpectUndecidedAsync(1);
            await client.AbortAsync();
            await trial.ExpectUndecidedAsync(0);
            await trial.ExpectUsersAsync("");
            await trial.ExpectEventsAsync();
        }),
        Fixed("8.8 late-answer", "after a decision nothing of that attempt can speak", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await trial.DecideAsync();
            await client.ExpectAsync(Alice);
            await trial.ExpireAuthenticationsAsync();
            await client.ExpectQuietAndLinkedAsync();
        }),
        Fixed("8.9 second-link-waits", "a second link while the first is pending waits, and then unlinks", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await client.LinkAsync("bob");
            await trial.DecideAsync();
            await client.ExpectAsync([.. Alice, "unlinked alice"]);
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("join alice", "link alice", "unlink alice");
        }),
        Fixed("8.10 pipelining", "frames behind a pending link are handled after it, each followed by its events", async trial =>
        {
            await trial.CallAsync(AppCall.Join("bob"));
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await client.SendAsync("""{"type":"a"}""");
            await client.SendAsync("""{"type":"b"}""");
            await client.SendAsync("""{"type":"krmx/leave"}""");
            await client.SendAsync("""{"type":"c"}""");
            await client.LinkAsync("bob");
            await client.SendAsync("""{"type":"d"}""");
            await client.SendAsync("""{"type":"krmx/leave"}""");
            await trial.DecideAsync();
            await client.ExpectAsync("accepted", "joined bob", "joined alice", "linked alice", "unlinked alice", "left alice");
            await client.ExpectAsync("rejected: unlinked connection");
            await client.ExpectAsync("accepted", "joined bob", "linked bob", """{"type":"answer"}""", "unlinked bob", "left bob");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync(
                "join bob", "join alice", "link alice", """message alice {"type":"a"}""", """message alice {"type":"b"}""",
                "unlink alice", "leave alice",
                "link bob", """message bob {"type":"d"}""", "unlink bob", "leave bob");
        }) with
        {
            Setup = new()
            {
                Reactions = new Dictionary<string, AppCall[]>
                {
                    ["""message bob {"type":"d"}"""] = [AppCall.Send("bob", """{"type":"answer"}""")],
                },
            },
        },
        Fixed("8.11 pipelining-refused", "frames that wait behind a link that is refused are an unlinked connection's", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            await client.SendAsync("""{"type":"a"}""");
            await client.SendAsync("nonsense");
            await client.LinkAsync("bob");
            await trial.DecideAsync("no");
            await client.ExpectAsync(
                "rejected: no", "rejected: unlinked connection", "rejected: invalid message", "accepted", "joined bob", "linked bob");
        }),
        Fixed("8.12 pending-frames", "more than 32 frames behind a link close the connection with 1008", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            for (int i = 0; i < 33; i++)
                await client.SendAsync("""{"type":"a"}""");
            await client.ExpectCloseAsync(1008);
            await trial.ExpectUndecidedAsync(0);
            await trial.ExpectEventsAsync();
        }),
        Fixed("8.13 pending-frames-allowed", "32 frames may wait behind a link", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            for (int i = 0; i < 32; i++)
                await client.SendAsync($$"""{"type":"a","payload":{{i}}}""");
            await trial.DecideAsync();
            await client.ExpectAsync(Alice);
            await client.ExpectQuietAndLinkedAsync();
            string[] messages = [.. Enumerable.Range(0, 32).Select(i => $$"""message alice {"type":"a","payload":{{i}}}""")];
            await trial.ExpectEventsAsync(["join alice", "link alice", .. messages]);
        }),
        Fixed("8.14 pending-bytes", "more than 64 KiB behind a link close the connection with 1008", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "later");
            string half = $$"""{"type":"a","payload":"{{new string('x', 32 * 1024)}}"}""";
            await client.SendAsync(half);
            await client.SendAsync(half);
            await client.ExpectCloseAsync(1008);
        }),
        Fixed("8.15 throwing-authentication", "an authentication that throws is rejected without its text", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "throw");
            await client.ExpectAsync("rejected: authentication failed");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectUsersAsync("");
        }),
        Fixed("8.16 replace", "where links replace, the newcomer wins; the displaced connection is told and stays open", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            Peer old = await trial.LinkedAsync("alice");
            await trial.SettleAsync();
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice");
            await client.ExpectAsync("accepted", "joined bob", "linked bob", "joined alice", "linked alice");
            await old.ExpectAsync("unlinked alice");
            await bob.ExpectAsync("unlinked alice", "linked alice");
            await old.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("unlink alice", "link alice");
        }) with
        { Setup = new() { Conflict = LinkConflict.Replace } },
        Fixed("8.17 replace-refused", "where links replace, a newcomer who is refused changes nothing", async trial =>
        {
            Peer old = await trial.LinkedAsync("alice");
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice", "wrong");
            await client.ExpectAsync($"rejected: {ServerSetup.Refusal}");
            await old.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync();
        }) with
        { Setup = new() { Conflict = LinkConflict.Replace } },
        Fixed("8.18 surrogate-in-link", "a lone surrogate in a text of a link request makes it an invalid message", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (string payload in new[]
            {
                $$"""{"username":"al\ud800ice","version":"{{trial.Version}}"}""",
                """{"username":"alice","version":"0.6.\udc00"}""",
                $$"""{"username":"alice","version":"{{trial.Version}}","auth":"\ud800"}""",
            })
            {
                await client.SendAsync($$"""{"type":"krmx/link","payload":{{payload}}}""");
                await client.ExpectAsync("rejected: invalid message");
            }
            await client.ExpectQuietAndUnlinkedAsync();
        }),
    ];

    private static Rule Fixed(string id, string title, Func<Trial, Task> check) => new(id, title, check) { IsFixed = true };

    private static async Task<(Peer First, Peer Second)> TwoPendingAsync(Trial trial)
    {
        Peer first = await trial.ConnectAsync();
        await first.LinkAsync("alice", "later");
        await trial.ExpectUndecidedAsync(1);
        Peer second = await trial.ConnectAsync();
        await second.LinkAsync("alice", "later");
        await trial.ExpectUndecidedAsync(2);
        return (first, second);
    }
}

using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: join, link, unlink and leave, who hears what, and in which order.</summary>
internal static class Transitions
{
    public static Rule[] Rules { get; } =
    [
        new("4.30 join-is-told", "a join is told to every linked connection and to no other", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer stranger = await trial.ConnectAsync();
            await trial.CallAsync(AppCall.Join("bob"));
            await alice.ExpectAsync("joined bob");
            await alice.ExpectQuietAndLinkedAsync();
            await stranger.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("join bob");
        }),
        new("4.31 link-roster", "a newcomer hears of every user in join order, of itself in its place, and who is linked", async trial =>
        {
            await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Join("carol"));
            await trial.CallAsync(AppCall.Join("bob"));
            await trial.LinkedAsync("dave");
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync(
                "accepted", "joined alice", "linked alice", "joined carol", "linked carol", "joined bob", "joined dave", "linked dave");
            await carol.ExpectQuietAndLinkedAsync();
        }),
        new("4.32 link-is-told", "a link is told to every other linked connection", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await alice.ExpectAsync("joined carol", "linked carol");
            await bob.ExpectAsync("joined carol", "linked carol");
            await alice.ExpectQuietAndLinkedAsync();
        }),
        new("4.33 send-in-link-event", "in the link event the application can send to the user, after the roster", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice", """{"type":"welcome"}""");
            await trial.ExpectEventsAsync("join alice", "link alice");
        })
        { Setup = Reacting("link alice", AppCall.Send("alice", """{"type":"welcome"}""")) },
        new("4.34 no-send-in-join-event", "in the join event the application cannot send to the user yet", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("join alice", "refused send", "link alice");
        })
        { Setup = Reacting("join alice", AppCall.Send("alice", """{"type":"welcome"}""")) },
        new("4.35 unlink-is-told", "an unlink is told to every linked connection, the user's own included", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Unlink("alice"));
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.36 link-again", "after an unlink a connection may link again, as the same or as another user", async trial =>
        {
            Peer client = await trial.LinkedAsync("alice");
            await client.SendAsync("""{"type":"krmx/unlink"}""");
            await client.LinkAsync("alice");
            await client.ExpectAsync("unlinked alice", "accepted", "joined alice", "linked alice");
            await client.SendAsync("""{"type":"krmx/unlink"}""");
            await client.LinkAsync("bob");
            await client.ExpectAsync("unlinked alice", "accepted", "joined alice", "joined bob", "linked bob");
            await trial.ExpectUsersAsync("alice bob*");
        }),
        new("4.37 another-connection", "a user who is unlinked may link from another connection", async trial =>
        {
            Peer first = await trial.LinkedAsync("alice");
            await first.SendAsync("""{"type":"krmx/unlink"}""");
            await trial.SettleAsync();
            Peer second = await trial.ConnectAsync();
            await second.LinkAsync("alice");
            await second.ExpectAsync("accepted", "joined alice", "linked alice");
            await first.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.38 leave-of-linked", "a leave of a linked user: unlinked, then left, to its own connection and others", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Kick("alice"));
            await alice.ExpectAsync("unlinked alice", "left alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice", "left alice");
            await bob.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("unlink alice", "leave alice");
        }),
        new("4.39 leave-of-unlinked", "a leave of an unlinked user: left, and no unlink", async trial =>
        {
            Peer former = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Unlink("alice"));
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Kick("alice"));
            await bob.ExpectAsync("left alice");
            await bob.ExpectQuietAndLinkedAsync();
            await former.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("leave alice");
        }),
        new("4.40 join-again", "who joins again comes last in the join order", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.CallAsync(AppCall.Join("bob"));
            await trial.CallAsync(AppCall.Kick("alice"));
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.ExpectUsersAsync("bob alice");
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync("accepted", "joined bob", "joined alice", "joined carol", "linked carol");
        }),
        new("4.41 link-keeps-place", "linking and unlinking do not change the join order", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.LinkedAsync("bob");
            await alice.SendAsync("""{"type":"krmx/unlink"}""");
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("unlinked alice", "accepted", "joined alice", "linked alice", "joined bob", "linked bob");
            await trial.ExpectUsersAsync("alice* bob*");
        }),
        new("4.42 unlinked-hear-nothing", "unlinked users and strangers receive nothing", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer stranger = await trial.ConnectAsync();
            await trial.CallAsync(AppCall.Unlink("alice"));
            await trial.SettleAsync();
            await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Broadcast("""{"type":"a"}"""));
            await trial.CallAsync(AppCall.Kick("bob"));
            await alice.ExpectQuietAndUnlinkedAsync();
            await stranger.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.43 same-order", "every linked connection sees presence changes in the same order", async trial =>
        {
            Peer[] clients = [await trial.LinkedAsync("alice"), await trial.LinkedAsync("bob"), await trial.LinkedAsync("carol")];
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Join("dave"));
            await trial.CallAsync(AppCall.Join("erin"));
            await trial.CallAsync(AppCall.Kick("dave"));
            await trial.CallAsync(AppCall.Join("dave"));
            await trial.CallAsync(AppCall.Kick("erin"));
            foreach (Peer client in clients)
                await client.ExpectAsync("joined dave", "joined erin", "left dave", "joined dave", "left erin");
        }),
        new("4.44 frame-order", "frames to and from one connection keep their order", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            string[] messages = [.. Enumerable.Range(0, 200).Select(i => $$"""{"type":"a","payload":{{i}}}""")];
            foreach (string message in messages)
                await alice.SendAsync(message);
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync([.. messages.Select(message => $"message alice {message}")]);
            foreach (string message in messages)
                await trial.CallAsync(AppCall.Send("alice", message));
            await alice.ExpectAsync(messages);
        }),
        new("4.45 event-history", "the events of one user are a prefix of join (link message* unlink)* leave", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            foreach (string message in new[] { "a", "b" })
            {
                await alice.LinkAsync("alice");
                await alice.SendAsync($$"""{"type":"{{message}}"}""");
                await alice.SendAsync("""{"type":"krmx/unlink"}""");
            }
            await alice.LinkAsync("alice");
            await alice.SendAsync("""{"type":"krmx/leave"}""");
            await alice.SendAsync("""{"type":"c"}""");
            await alice.DrainAsync();
            await trial.ExpectEventsAsync(
                "join alice", "link alice", """message alice {"type":"a"}""", "unlink alice",
                "link alice", """message alice {"type":"b"}""", "unlink alice", "link alice", "unlink alice", "leave alice");
        }),
    ];

    private static ServerSetup Reacting(string trigger, params AppCall[] calls) =>
        new() { Reactions = new Dictionary<string, AppCall[]> { [trigger] = calls } };
}

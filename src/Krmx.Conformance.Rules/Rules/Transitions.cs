using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: join, link, unlink and leave, who hears what, and in which order.</summary>
internal static class Transitions
{
    public static Rule[] Rules { get; } =
    [
        new("4.30 join-is-told", "a join is told to every linked connection and to no other", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer stranger = await session.ConnectAsync();
            await session.CallAsync(AppCall.Join("bob"));
            await alice.ExpectAsync("joined bob");
            await alice.ExpectQuietAndLinkedAsync();
            await stranger.ExpectQuietAndUnlinkedAsync();
            await session.ExpectEventsAsync("join bob");
        }),
        new("4.31 link-roster", "a newcomer hears of every user in join order, of itself in its place, and who is linked", async session =>
        {
            await session.LinkedAsync("alice");
            await session.CallAsync(AppCall.Join("carol"));
            await session.CallAsync(AppCall.Join("bob"));
            await session.LinkedAsync("dave");
            Peer carol = await session.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync(
                "accepted", "joined alice", "linked alice", "joined carol", "linked carol", "joined bob", "joined dave", "linked dave");
            await carol.ExpectQuietAndLinkedAsync();
        }),
        new("4.32 link-is-told", "a link is told to every other linked connection", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            Peer carol = await session.ConnectAsync();
            await carol.LinkAsync("carol");
            await alice.ExpectAsync("joined carol", "linked carol");
            await bob.ExpectAsync("joined carol", "linked carol");
            await alice.ExpectQuietAndLinkedAsync();
        }),
        new("4.33 send-in-link-event", "in the link event the application can send to the user, after the roster", async session =>
        {
            Peer alice = await session.ConnectAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice", """{"type":"welcome"}""");
            await session.ExpectEventsAsync("join alice", "link alice");
        })
        { Setup = Reacting("link alice", AppCall.Send("alice", """{"type":"welcome"}""")) },
        new("4.34 no-send-in-join-event", "in the join event the application cannot send to the user yet", async session =>
        {
            Peer alice = await session.ConnectAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
            await alice.ExpectQuietAndLinkedAsync();
            await session.ExpectEventsAsync("join alice", "refused send", "link alice");
        })
        { Setup = Reacting("join alice", AppCall.Send("alice", """{"type":"welcome"}""")) },
        new("4.35 unlink-is-told", "an unlink is told to every linked connection, the user's own included", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Unlink("alice"));
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.36 link-again", "after an unlink a connection may link again, as the same or as another user", async session =>
        {
            Peer client = await session.LinkedAsync("alice");
            await client.SendAsync("""{"type":"krmx/unlink"}""");
            await client.LinkAsync("alice");
            await client.ExpectAsync("unlinked alice", "accepted", "joined alice", "linked alice");
            await client.SendAsync("""{"type":"krmx/unlink"}""");
            await client.LinkAsync("bob");
            await client.ExpectAsync("unlinked alice", "accepted", "joined alice", "joined bob", "linked bob");
            await session.ExpectUsersAsync("alice bob*");
        }),
        new("4.37 another-connection", "a user who is unlinked may link from another connection", async session =>
        {
            Peer first = await session.LinkedAsync("alice");
            await first.SendAsync("""{"type":"krmx/unlink"}""");
            await session.SettleAsync();
            Peer second = await session.ConnectAsync();
            await second.LinkAsync("alice");
            await second.ExpectAsync("accepted", "joined alice", "linked alice");
            await first.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.38 leave-of-linked", "a leave of a linked user: unlinked, then left, to its own connection and others", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Kick("alice"));
            await alice.ExpectAsync("unlinked alice", "left alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice", "left alice");
            await bob.ExpectQuietAndLinkedAsync();
            await session.ExpectEventsAsync("unlink alice", "leave alice");
        }),
        new("4.39 leave-of-unlinked", "a leave of an unlinked user: left, and no unlink", async session =>
        {
            Peer former = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Unlink("alice"));
            await session.SettleAsync();
            await session.CallAsync(AppCall.Kick("alice"));
            await bob.ExpectAsync("left alice");
            await bob.ExpectQuietAndLinkedAsync();
            await former.ExpectQuietAndUnlinkedAsync();
            await session.ExpectEventsAsync("leave alice");
        }),
        new("4.40 join-again", "who joins again comes last in the join order", async session =>
        {
            await session.CallAsync(AppCall.Join("alice"));
            await session.CallAsync(AppCall.Join("bob"));
            await session.CallAsync(AppCall.Kick("alice"));
            await session.CallAsync(AppCall.Join("alice"));
            await session.ExpectUsersAsync("bob alice");
            Peer carol = await session.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync("accepted", "joined bob", "joined alice", "joined carol", "linked carol");
        }),
        new("4.41 link-keeps-place", "linking and unlinking do not change the join order", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            await session.LinkedAsync("bob");
            await alice.SendAsync("""{"type":"krmx/unlink"}""");
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("unlinked alice", "accepted", "joined alice", "linked alice", "joined bob", "linked bob");
            await session.ExpectUsersAsync("alice* bob*");
        }),
        new("4.42 unlinked-hear-nothing", "unlinked users and strangers receive nothing", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer stranger = await session.ConnectAsync();
            await session.CallAsync(AppCall.Unlink("alice"));
            await session.SettleAsync();
            await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Broadcast("""{"type":"a"}"""));
            await session.CallAsync(AppCall.Kick("bob"));
            await alice.ExpectQuietAndUnlinkedAsync();
            await stranger.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.43 same-order", "every linked connection sees presence changes in the same order", async session =>
        {
            Peer[] clients = [await session.LinkedAsync("alice"), await session.LinkedAsync("bob"), await session.LinkedAsync("carol")];
            await session.SettleAsync();
            await session.CallAsync(AppCall.Join("dave"));
            await session.CallAsync(AppCall.Join("erin"));
            await session.CallAsync(AppCall.Kick("dave"));
            await session.CallAsync(AppCall.Join("dave"));
            await session.CallAsync(AppCall.Kick("erin"));
            foreach (Peer client in clients)
                await client.ExpectAsync("joined dave", "joined erin", "left dave", "joined dave", "left erin");
        }),
        new("4.44 frame-order", "frames to and from one connection keep their order", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            string[] messages = [.. Enumerable.Range(0, 200).Select(i => $$"""{"type":"a","payload":{{i}}}""")];
            foreach (string message in messages)
                await alice.SendAsync(message);
            await alice.ExpectQuietAndLinkedAsync();
            await session.ExpectEventsAsync([.. messages.Select(message => $"message alice {message}")]);
            foreach (string message in messages)
                await session.CallAsync(AppCall.Send("alice", message));
            await alice.ExpectAsync(messages);
        }),
        new("4.45 event-history", "the events of one user are a prefix of join (link message* unlink)* leave", async session =>
        {
            Peer alice = await session.ConnectAsync();
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
            await session.ExpectEventsAsync(
                "join alice", "link alice", """message alice {"type":"a"}""", "unlink alice",
                "link alice", """message alice {"type":"b"}""", "unlink alice", "link alice", "unlink alice", "leave alice");
        }),
    ];

    private static ServerSetup Reacting(string trigger, params AppCall[] calls) =>
        new() { Reactions = new Dictionary<string, AppCall[]> { [trigger] = calls } };
}

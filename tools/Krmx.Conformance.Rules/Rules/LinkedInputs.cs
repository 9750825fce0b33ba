using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4's table: what a linked connection may send, and its end.</summary>
internal static class LinkedInputs
{
    public static Rule[] Rules { get; } =
    [
        new("4.20 invalid-message", "an invalid message unlinks the user, and only that user", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await alice.SendAsync("nonsense");
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice");
            await bob.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("unlink alice");
            await trial.ExpectUsersAsync("alice bob*");
        }),
        new("4.21 link", "krmx/link unlinks a linked user, whatever its payload", Unlinks(
            """{"type":"krmx/link"}""", Wire.Link("bob", "0.6.0"), """{"type":"krmx/link","payload":[1]}""")),
        new("4.22 unlink", "krmx/unlink unlinks", Unlinks("""{"type":"krmx/unlink"}""")),
        new("4.23 leave", "krmx/leave removes the user; the socket stays open", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await alice.SendAsync("""{"type":"krmx/leave"}""");
            await alice.ExpectAsync("unlinked alice", "left alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice", "left alice");
            await bob.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("unlink alice", "leave alice");
            await trial.ExpectUsersAsync("bob*");
        }),
        new("4.24 reserved-types", "any other type of the protocol unlinks", Unlinks(
            """{"type":"krmx/"}""", """{"type":"krmx/accepted"}""", """{"type":"krmx/rejected","payload":{"reason":"a"}}""",
            """{"type":"krmx/joined","payload":{"username":"bob"}}""", """{"type":"krmx/linked"}""", """{"type":"krmx/unlinked"}""",
            """{"type":"krmx/left"}""", """{"type":"krmx/Unlink"}""", """{"type":"krmx/unknown"}""")),
        new("4.25 custom-message", "a custom message is the application's, with its user; nobody else hears of it", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await alice.SendAsync("""{"type":"a","payload":1}""");
            await alice.ExpectQuietAndLinkedAsync();
            await bob.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("""message alice {"type":"a","payload":1}""");
        }),
        new("4.26 socket-closes", "a socket that closes unlinks its user, who stays", Ends(client => client.CloseAsync())),
        new("4.27 socket-lost", "a socket that is lost unlinks its user, who stays", Ends(client => client.AbortAsync())),
        new("4.28 unlinked-socket-ends", "the end of an unlinked socket means nothing to anybody", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer stranger = await trial.ConnectAsync();
            Peer former = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Unlink("bob"));
            await trial.SettleAsync();
            await stranger.AbortAsync();
            await former.CloseAsync();
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync();
            await trial.ExpectUsersAsync("alice* bob");
        }),
    ];

    private static Func<Trial, Task> Unlinks(params string[] frames) => async trial =>
    {
        Peer alice = await trial.LinkedAsync("alice");
        Peer bob = await trial.LinkedAsync("bob");
        foreach (string frame in frames)
        {
            await alice.SendAsync(frame);
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice");
            await trial.ExpectEventsAsync("unlink alice");
            await trial.ExpectUsersAsync("alice bob*");
            await alice.LinkAsync("alice");
            await trial.SettleAsync();
        }
    };

    private static Func<Trial, Task> Ends(Func<Peer, Task> end) => async trial =>
    {
        Peer alice = await trial.LinkedAsync("alice");
        Peer bob = await trial.LinkedAsync("bob");
        await end(alice);
        await bob.ExpectAsync("unlinked alice");
        await bob.ExpectQuietAndLinkedAsync();
        await trial.ExpectEventsAsync("unlink alice");
        await trial.ExpectUsersAsync("alice bob*");
    };
}

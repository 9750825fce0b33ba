using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 3: the messages of the protocol.</summary>
internal static class Messages
{
    public static Rule[] Rules { get; } =
    [
        new("3.1 accepted", "krmx/accepted has no payload", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted");
        }),
        new("3.2 rejected", "krmx/rejected carries a reason, and the socket stays open", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.SendAsync("""{"type":"a"}""");
            await client.ExpectAsync("rejected: unlinked connection");
            await client.ExpectQuietAndUnlinkedAsync();
        }),
        new("3.3 presence", "the presence messages carry a username each", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await alice.ExpectAsync("joined bob", "linked bob");
            await bob.SendAsync("""{"type":"krmx/leave"}""");
            await alice.ExpectAsync("unlinked bob", "left bob");
        }),
        new("3.4 auth", "auth is an opaque text for the application", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.LinkAsync("alice", auth: "wrong");
            await alice.ExpectAsync($"rejected: {ServerSetup.Refusal}");
            await alice.LinkAsync("alice", auth: "{\"any\": \"täxt\"}");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
        }),
        new("3.5 unlink-payload", "a payload of krmx/unlink and krmx/leave means nothing", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync("""{"type":"krmx/unlink","payload":{"username":"bob"}}""");
            await alice.ExpectAsync("unlinked alice");
            await bob.SendAsync("""{"type":"krmx/leave","payload":{"username":"alice"}}""");
            await bob.ExpectAsync("unlinked alice", "unlinked bob", "left bob");
            await trial.ExpectUsersAsync("alice");
        }),
    ];
}

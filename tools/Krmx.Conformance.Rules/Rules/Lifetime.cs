using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: a server's life.</summary>
internal static class Lifetime
{
    public static Rule[] Rules { get; } =
    [
        new("4.70 listen", "the listen event comes first", async trial =>
        {
            await trial.LinkedAsync("alice");
            await trial.ExpectFirstEventAsync("listen");
        })
        { NeedsApplication = true },
        new("4.71 close", "every user leaves; connections hear of their own user alone and are closed with 1001 or 1012", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            Peer stranger = await trial.ConnectAsync();
            await trial.CallAsync(AppCall.Join("carol"));
            await trial.SettleAsync();
            await trial.BeginCloseAsync();
            await alice.ExpectFarewellAsync("unlinked alice", "left alice");
            await bob.ExpectFarewellAsync("unlinked bob", "left bob");
            await stranger.ExpectFarewellAsync();
            await trial.WaitForEventAsync("close");
            await trial.ExpectEventsAsync("unlink alice", "leave alice", "unlink bob", "leave bob", "leave carol", "close");
            await trial.ExpectUsersAsync("");
        }),
        new("4.72 closed", "a server that closed refuses every call", async trial =>
        {
            await trial.BeginCloseAsync();
            await trial.WaitForEventAsync("close");
            await trial.ExpectEventsAsync("close");
            await trial.ExpectRefusedAsync(AppCall.Join("alice"), "closed");
            await trial.ExpectRefusedAsync(AppCall.Unlink("alice"), "closed");
            await trial.ExpectRefusedAsync(AppCall.Kick("alice"), "closed");
            await trial.ExpectRefusedAsync(AppCall.Send("alice", """{"type":"a"}"""), "closed");
            await trial.ExpectRefusedAsync(AppCall.Broadcast("""{"type":"a"}"""), "closed");
        }),
    ];
}

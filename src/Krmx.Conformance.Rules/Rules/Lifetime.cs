using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: a server's life.</summary>
internal static class Lifetime
{
    public static Rule[] Rules { get; } =
    [
        new("4.70 listen", "the listen event comes first", async session =>
        {
            await session.LinkedAsync("alice");
            await session.ExpectFirstEventAsync("listen");
        })
        { NeedsApplication = true },
        new("4.71 close", "every user leaves; connections hear of their own user alone and are closed with 1001 or 1012", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            Peer stranger = await session.ConnectAsync();
            await session.CallAsync(AppCall.Join("carol"));
            await session.SettleAsync();
            await session.BeginCloseAsync();
            await alice.ExpectFarewellAsync("unlinked alice", "left alice");
            await bob.ExpectFarewellAsync("unlinked bob", "left bob");
            await stranger.ExpectFarewellAsync();
            await session.WaitForEventAsync("close");
            await session.ExpectEventsAsync("unlink alice", "leave alice", "unlink bob", "leave bob", "leave carol", "close");
            await session.ExpectUsersAsync("");
        }),
        new("4.72 closed", "a server that closed refuses every call", async session =>
        {
            await session.BeginCloseAsync();
            await session.WaitForEventAsync("close");
            await session.ExpectEventsAsync("close");
            await session.ExpectRefusedAsync(AppCall.Join("alice"), "closed");
            await session.ExpectRefusedAsync(AppCall.Unlink("alice"), "closed");
            await session.ExpectRefusedAsync(AppCall.Kick("alice"), "closed");
            await session.ExpectRefusedAsync(AppCall.Send("alice", """{"type":"a"}"""), "closed");
            await session.ExpectRefusedAsync(AppCall.Broadcast("""{"type":"a"}"""), "closed");
        }),
    ];
}

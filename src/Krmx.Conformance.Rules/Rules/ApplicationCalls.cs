using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: what the application may call, and what it is refused.</summary>
internal static class ApplicationCalls
{
    private const string Hello = """{"type":"hello","payload":[1]}""";

    public static Rule[] Rules { get; } =
    [
        new("4.50 join", "join makes an unlinked user", async session =>
        {
            await session.CallAsync(AppCall.Join("alice"));
            await session.ExpectUsersAsync("alice");
            await session.ExpectEventsAsync("join alice");
        }),
        new("4.51 join-refused", "join is refused for an existing or an invalid name", async session =>
        {
            Peer bob = await session.LinkedAsync("bob");
            await session.ExpectRefusedAsync(AppCall.Join("bob"), "exist");
            await session.ExpectRefusedAsync(AppCall.Join("b"), "valid username");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.52 join-despite-no-new-users", "the application may join users where links may not", async session =>
        {
            await session.CallAsync(AppCall.Join("alice"));
            await session.ExpectUsersAsync("alice");
        })
        { Setup = new() { AcceptsNewUsers = false } },
        new("4.53 unlink", "unlink ends the tie", async session =>
        {
            await session.LinkedAsync("alice");
            await session.CallAsync(AppCall.Unlink("alice"));
            await session.ExpectUsersAsync("alice");
            await session.ExpectEventsAsync("unlink alice");
        }),
        new("4.54 unlink-refused", "unlink is refused for an unknown and for an unlinked user", async session =>
        {
            Peer bob = await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Join("alice"));
            await session.SettleAsync();
            await session.ExpectRefusedAsync(AppCall.Unlink("nobody"), "does not exist");
            await session.ExpectRefusedAsync(AppCall.Unlink("alice"), "not linked");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.55 kick", "kick removes the user, linked or not", async session =>
        {
            await session.LinkedAsync("alice");
            await session.CallAsync(AppCall.Join("bob"));
            await session.SettleAsync();
            await session.CallAsync(AppCall.Kick("bob"));
            await session.CallAsync(AppCall.Kick("alice"));
            await session.ExpectUsersAsync("");
            await session.ExpectEventsAsync("leave bob", "unlink alice", "leave alice");
        }),
        new("4.56 kick-refused", "kick is refused for an unknown user", async session =>
        {
            Peer bob = await session.LinkedAsync("bob");
            await session.ExpectRefusedAsync(AppCall.Kick("nobody"), "cannot kick a user that does not exist");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.57 send", "send reaches one linked user", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            await session.SettleAsync();
            await session.CallAsync(AppCall.Send("alice", Hello));
            await alice.ExpectAsync(Hello);
            await alice.ExpectQuietAndLinkedAsync();
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.58 send-refused", "send is refused for an unknown and for an unlinked user", async session =>
        {
            Peer bob = await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Join("alice"));
            await session.SettleAsync();
            await session.ExpectRefusedAsync(AppCall.Send("nobody", Hello), "does not exist");
            await session.ExpectRefusedAsync(AppCall.Send("alice", Hello), "not linked");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.59 broadcast", "broadcast reaches every linked user", async session =>
        {
            Peer[] clients = [await session.LinkedAsync("alice"), await session.LinkedAsync("bob")];
            Peer stranger = await session.ConnectAsync();
            await session.SettleAsync();
            await session.CallAsync(AppCall.Broadcast(Hello));
            foreach (Peer client in clients)
            {
                await client.ExpectAsync(Hello);
                await client.ExpectQuietAndLinkedAsync();
            }
            await stranger.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.60 broadcast-except", "broadcast leaves one user out, linked or not", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            Peer bob = await session.LinkedAsync("bob");
            await session.CallAsync(AppCall.Join("carol"));
            await session.SettleAsync();
            await session.CallAsync(AppCall.Broadcast(Hello, except: "alice"));
            await bob.ExpectAsync(Hello);
            await alice.ExpectQuietAndLinkedAsync();
            await session.CallAsync(AppCall.Broadcast(Hello, except: "carol"));
            await alice.ExpectAsync(Hello);
            await bob.ExpectAsync(Hello);
        }),
        new("4.61 broadcast-refused", "broadcast is refused where the user left out is unknown", async session =>
        {
            Peer alice = await session.LinkedAsync("alice");
            await session.ExpectRefusedAsync(AppCall.Broadcast(Hello, except: "nobody"), "does not exist");
            await alice.ExpectQuietAndLinkedAsync();
        }),
        new("4.62 users", "users are listed in join order, linked or not", async session =>
        {
            await session.ExpectUsersAsync("");
            await session.CallAsync(AppCall.Join("carol"));
            await session.LinkedAsync("alice");
            await session.CallAsync(AppCall.Join("bob"));
            await session.ExpectUsersAsync("carol alice* bob");
        }),
    ];
}

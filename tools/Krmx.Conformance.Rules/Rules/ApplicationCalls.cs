using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: what the application may call, and what it is refused.</summary>
internal static class ApplicationCalls
{
    private const string Hello = """{"type":"hello","payload":[1]}""";

    public static Rule[] Rules { get; } =
    [
        new("4.50 join", "join makes an unlinked user", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.ExpectUsersAsync("alice");
            await trial.ExpectEventsAsync("join alice");
        }),
        new("4.51 join-refused", "join is refused for an existing or an invalid name", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            await trial.ExpectRefusedAsync(AppCall.Join("bob"), "exist");
            await trial.ExpectRefusedAsync(AppCall.Join("b"), "valid username");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.52 join-despite-no-new-users", "the application may join users where links may not", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.ExpectUsersAsync("alice");
        })
        { Setup = new() { AcceptsNewUsers = false } },
        new("4.53 unlink", "unlink ends the tie", async trial =>
        {
            await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Unlink("alice"));
            await trial.ExpectUsersAsync("alice");
            await trial.ExpectEventsAsync("unlink alice");
        }),
        new("4.54 unlink-refused", "unlink is refused for an unknown and for an unlinked user", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.SettleAsync();
            await trial.ExpectRefusedAsync(AppCall.Unlink("nobody"), "does not exist");
            await trial.ExpectRefusedAsync(AppCall.Unlink("alice"), "not linked");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.55 kick", "kick removes the user, linked or not", async trial =>
        {
            await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Join("bob"));
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Kick("bob"));
            await trial.CallAsync(AppCall.Kick("alice"));
            await trial.ExpectUsersAsync("");
            await trial.ExpectEventsAsync("leave bob", "unlink alice", "leave alice");
        }),
        new("4.56 kick-refused", "kick is refused for an unknown user", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            await trial.ExpectRefusedAsync(AppCall.Kick("nobody"), "cannot kick a user that does not exist");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.57 send", "send reaches one linked user", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Send("alice", Hello));
            await alice.ExpectAsync(Hello);
            await alice.ExpectQuietAndLinkedAsync();
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.58 send-refused", "send is refused for an unknown and for an unlinked user", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.SettleAsync();
            await trial.ExpectRefusedAsync(AppCall.Send("nobody", Hello), "does not exist");
            await trial.ExpectRefusedAsync(AppCall.Send("alice", Hello), "not linked");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        new("4.59 broadcast", "broadcast reaches every linked user", async trial =>
        {
            Peer[] clients = [await trial.LinkedAsync("alice"), await trial.LinkedAsync("bob")];
            Peer stranger = await trial.ConnectAsync();
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Broadcast(Hello));
            foreach (Peer client in clients)
            {
                await client.ExpectAsync(Hello);
                await client.ExpectQuietAndLinkedAsync();
            }
            await stranger.ExpectQuietAndUnlinkedAsync();
        }),
        new("4.60 broadcast-except", "broadcast leaves one user out, linked or not", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Join("carol"));
            await trial.SettleAsync();
            await trial.CallAsync(AppCall.Broadcast(Hello, except: "alice"));
            await bob.ExpectAsync(Hello);
            await alice.ExpectQuietAndLinkedAsync();
            await trial.CallAsync(AppCall.Broadcast(Hello, except: "carol"));
            await alice.ExpectAsync(Hello);
            await bob.ExpectAsync(Hello);
        }),
        new("4.61 broadcast-refused", "broadcast is refused where the user left out is unknown", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.ExpectRefusedAsync(AppCall.Broadcast(Hello, except: "nobody"), "does not exist");
            await alice.ExpectQuietAndLinkedAsync();
        }),
        new("4.62 users", "users are listed in join order, linked or not", async trial =>
        {
            await trial.ExpectUsersAsync("");
            await trial.CallAsync(AppCall.Join("carol"));
            await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Join("bob"));
            await trial.ExpectUsersAsync("carol alice* bob");
        }),
    ];
}

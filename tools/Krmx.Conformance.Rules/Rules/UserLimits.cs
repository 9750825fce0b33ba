using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 4: how many users there may be, and for how long those stay who are away.</summary>
internal static class UserLimits
{
    private const string Unlink = """{"type":"krmx/unlink"}""";
    private const string Full = "rejected: the room is full";

    public static Rule[] Rules { get; } =
    [
        Capped(2, "4.80 full", "a server with a cap rejects a new user while everybody is linked; a known one may link", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync(Full);
            await carol.ExpectQuietAndUnlinkedAsync();
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync();
            await bob.SendAsync(Unlink);
            await bob.LinkAsync("bob");
            await bob.ExpectAsync("unlinked bob", "accepted", "joined alice", "linked alice", "joined bob", "linked bob");
        }),
        Capped(3, "4.81 makes-place", "in a full server with a cap the one leaves who was linked for the shortest time in all and is not now", async trial =>
        {
            Peer dave = await trial.LinkedAsync("dave");
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await AwayAfterAsync(trial, bob, "bob", 2);
            await AwayAfterAsync(trial, alice, "alice", 1);
            await bob.LinkAsync("bob");
            await AwayAfterAsync(trial, bob, "bob", 2); // 4 seconds in all, and alice 3
            await ComesAsync(trial, dave, "carol", inPlaceOf: "alice");
            await trial.ExpectUsersAsync("dave* bob carol*");
        }),
        Capped(3, "4.82 longest-away", "of those who were linked for as long the one leaves who has been away for the longest time", async trial =>
        {
            Peer dave = await trial.LinkedAsync("dave");
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await AwayAfterAsync(trial, bob, "bob", 0);
            await AwayAfterAsync(trial, alice, "alice", 0);
            await ComesAsync(trial, dave, "carol", inPlaceOf: "bob");
        }),
        Capped(2, "4.83 seats-stay", "users whom the application has joined stay until somebody was linked to them", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            Peer dave = await trial.LinkedAsync("dave");
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync(Full);
            Peer alice = await trial.LinkedAsync("alice");
            await AwayAfterAsync(trial, alice, "alice", 0);
            await ComesAsync(trial, dave, "carol", inPlaceOf: "alice");
        }),
        Capped(1, "4.84 linking-stay", "whoever is being linked stays", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await AwayAfterAsync(trial, alice, "alice", 0);
            await alice.LinkAsync("alice", "later");
            await trial.ExpectUndecidedAsync(1);
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol");
            await carol.ExpectAsync(Full);
            await trial.DecideAsync("no");
            await alice.ExpectAsync("rejected: no");
            await carol.LinkAsync("carol");
            await carol.ExpectAsync("accepted", "joined carol", "linked carol");
            await trial.ExpectEventsAsync("leave alice", "join carol", "link carol");
        }),
        Capped(1, "4.85 full-meanwhile", "whether there is a place is asked again after authentication, and nobody leaves before", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await AwayAfterAsync(trial, alice, "alice", 0);
            Peer carol = await trial.ConnectAsync();
            await carol.LinkAsync("carol", "later");
            await trial.ExpectUndecidedAsync(1);
            await trial.ExpectUsersAsync("alice");
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
            await trial.DecideAsync();
            await carol.ExpectAsync(Full);
            await trial.ExpectUsersAsync("alice*");
        }),
        Capped(2, "4.86 full-join", "the application's join makes place, or is refused", async trial =>
        {
            Peer dave = await trial.LinkedAsync("dave");
            Peer alice = await trial.LinkedAsync("alice");
            await trial.SettleAsync();
            await trial.ExpectRefusedAsync(AppCall.Join("carol"), "the room is full");
            await AwayAfterAsync(trial, alice, "alice", 0);
            await trial.CallAsync(AppCall.Join("carol"));
            await dave.ExpectAsync("left alice", "joined carol");
            await trial.ExpectEventsAsync("leave alice", "join carol");
        }),
        Timed(4, "4.90 timeout", "in a server with a time limit whoever is unlinked for so long leaves", async trial =>
        {
            Peer dave = await trial.LinkedAsync("dave");
            await trial.CallAsync(AppCall.Join("bob"));
            Peer alice = await trial.LinkedAsync("alice");
            await AwayAfterAsync(trial, alice, "alice", 5);
            await trial.PassTimeAsync(TimeSpan.FromSeconds(3));
            await dave.ExpectQuietAndLinkedAsync();
            await trial.PassTimeAsync(TimeSpan.FromSeconds(1));
            await dave.ExpectAsync("left alice");
            await trial.ExpectEventsAsync("leave alice");
            await trial.ExpectUsersAsync("dave* bob");
        }),
        Timed(4, "4.91 timeout-anew", "a link begins the time anew", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await AwayAfterAsync(trial, alice, "alice", 0);
            await trial.PassTimeAsync(TimeSpan.FromSeconds(3));
            await alice.LinkAsync("alice");
            await AwayAfterAsync(trial, alice, "alice", 3);
            await trial.PassTimeAsync(TimeSpan.FromSeconds(3));
            await trial.ExpectUsersAsync("alice");
            await trial.PassTimeAsync(TimeSpan.FromSeconds(1));
            await trial.ExpectUsersAsync("");
        }),
    ];

    private static Rule Capped(int users, string id, string title, Func<Trial, Task> check) =>
        new(id, title, check) { IsAddition = true, Setup = new() { MaxUsers = users } };

    private static Rule Timed(int seconds, string id, string title, Func<Trial, Task> check) =>
        new(id, title, check) { IsAddition = true, Setup = new() { UserTimeout = TimeSpan.FromSeconds(seconds) } };

    private static async Task AwayAfterAsync(Trial trial, Peer peer, string username, int seconds)
    {
        await trial.SettleAsync();
        await trial.PassTimeAsync(TimeSpan.FromSeconds(seconds));
        await peer.SendAsync(Unlink);
        await peer.ExpectAsync($"unlinked {username}");
        await trial.SettleAsync();
    }

    private static async Task ComesAsync(Trial trial, Peer witness, string username, string inPlaceOf)
    {
        Peer comer = await trial.ConnectAsync();
        await comer.LinkAsync(username);
        await witness.ExpectAsync($"left {inPlaceOf}", $"joined {username}", $"linked {username}");
        await trial.ExpectEventsAsync($"leave {inPlaceOf}", $"join {username}", $"link {username}");
    }
}

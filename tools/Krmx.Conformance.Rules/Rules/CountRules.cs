using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Counts": a room that tells how many users there are, and not who.</summary>
internal static class CountRules
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ServerSetup Setup = new() { CountsUsers = true };

    public static Rule[] Rules { get; } =
    [
        Of("presence", "10.80 count-for-newcomer", "a newcomer is told of itself, and how many there are", async trial =>
        {
            await trial.CallAsync(AppCall.Join("dora"));
            Peer alice = await LinkAsync(trial, "alice", users: 2, linked: 1);
            await alice.ExpectQuietAndLinkedAsync();
        }, Setup),
        Of("presence", "10.81 count-for-classic", "a classic client is told of its own user alone", async trial =>
        {
            Peer bob = await trial.ConnectAsync(), carol = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await bob.ExpectAsync("accepted", "joined bob", "linked bob");
            await carol.LinkAsync("carol");
            await carol.ExpectAsync("accepted", "joined carol", "linked carol");
            await carol.SendAsync("""{"type":"krmx/leave"}""");
            await carol.ExpectAsync("unlinked carol", "left carol");
            await trial.PassTimeAsync(Second);
            await bob.ExpectQuietAndLinkedAsync();
        }, Setup),
        Of("presence", "10.82 count-once-a-second", "changes are told by the count, once a second at most", async trial =>
        {
            Peer alice = await LinkAsync(trial, "alice", users: 1, linked: 1);
            await trial.CallAsync(AppCall.Join("dora"));
            await alice.ExpectAsync(Count(2, 1));
            await trial.CallAsync(AppCall.Join("emil"));
            await alice.ExpectQuietAndLinkedAsync();
            await trial.PassTimeAsync(Second);
            await alice.ExpectAsync(Count(3, 1));
            await trial.PassTimeAsync(Second);
            await trial.CallAsync(AppCall.Kick("emil"));
            await alice.ExpectAsync(Count(2, 1));
        }, Setup),
        Of("presence", "10.83 count-of-own-end", "the own user's end is told as ever", async trial =>
        {
            Peer alice = await LinkAsync(trial, "alice", users: 1, linked: 1);
            await alice.SendAsync("""{"type":"krmx/leave"}""");
            await alice.ExpectAsync("unlinked alice", "left alice");
        }, Setup),
        Of("presence", "10.84 count-is-kept", "who comes back is sent the counts it has missed", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.SendAsync(Sessions.Link(trial, 1));
            await alice.ExpectAsync(Sessions.Accepted(1), Users("""["alice",true]"""), Count(1, 1), Ready);
            await alice.AbortAsync();
            await trial.WaitForEventAsync("unlink alice");
            await trial.PassTimeAsync(Second);
            await trial.CallAsync(AppCall.Join("dora"));
            Peer back = await Sessions.ReturnAsync(trial, Sessions.Link(trial, 2, session: 1, received: 0));
            await back.ExpectAsync(Sessions.Accepted(1, recovered: true, received: 0), Count(1, 0), Count(2, 0));
            await trial.PassTimeAsync(Second);
            await back.ExpectAsync(Count(2, 1));
        }, Setup),
    ];

    private static string Count(int users, int linked) => Wire.Text("krmx/count", $$"""{"users":{{users}},"linked":{{linked}}}""");

    public static async Task<Peer> LinkAsync(Trial trial, string username, int users, int linked)
    {
        Peer peer = await trial.ConnectAsync();
        await peer.SendAsync(PresenceRules.Link(trial, username));
        await peer.ExpectAsync(PresenceRules.Accepted, Users($"[\"{username}\",true]"), Count(users, linked), Ready);
        return peer;
    }
}

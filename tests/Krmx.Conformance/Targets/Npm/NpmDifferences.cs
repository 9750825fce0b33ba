using Krmx.Conformance.Harness;
using Krmx.Conformance.Rules;

namespace Krmx.Conformance.Targets.Npm;

/// <summary>A rule the TypeScript server does not keep, deliberately kept by us.</summary>
/// <param name="What">What it does instead.</param>
/// <param name="Why">Why we do not.</param>
/// <param name="Check">Tries that it still does.</param>
internal sealed record NpmDifference(string What, string Why, Func<Trial, Task> Check);

/// <summary>Where @krmx/server 0.5.5 is known to differ, beyond what the rules mark as fixed.</summary>
internal static class NpmDifferences
{
    private const string UnlinkedConnection = "rejected: unlinked connection";

    public static IReadOnlyDictionary<string, NpmDifference> All { get; } = new Dictionary<string, NpmDifference>
    {
        ["2.4 digits-kept"] = new("numbers become doubles", "a payload is the application's: it goes through as it came",
            Tells("""{"type":"a","payload":12345678901234567890}""", """{"type":"a","payload":12345678901234567000}""")),
        ["2.5 other-members-ignored"] = new("other members reach the application", "a message is a type and a payload",
            Tells("""{"type":"a","payload":2,"id":1}""", """{"type":"a","payload":2,"id":1}""")),
        ["2.11 reserved-types"] = new("the application can send them", "clients would see what is not so", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Send("alice", """{"type":"krmx/left","payload":{"username":"alice"}}"""));
            await alice.ExpectAsync("left alice");
        }),
        ["2.20 binary-unlinked"] = new("binary frames are read as text", "a frame is text",
            Unlinked(peer => peer.SendBinaryAsync("""{"type":"a"}"""))),
        ["2.20 binary-linked"] = new("binary frames are read as text", "a frame is text",
            Linked(peer => peer.SendBinaryAsync("""{"type":"a"}"""), """{"type":"a"}""")),
        ["2.30 surrogate-in-type-unlinked"] = new("lone surrogates pass", "no UTF-8 can hold one, so nobody could be sent it back",
            Unlinked(peer => peer.SendAsync("""{"type":"\ud800"}"""))),
        ["2.30 surrogate-in-type-linked"] = new("lone surrogates pass", "no UTF-8 can hold one, so nobody could be sent it back",
            Tells("""{"type":"\ud800"}""", """{"type":"\ud800"}""")),
        ["2.31 too-deep-unlinked"] = new("there is no depth limit", "depth costs stack in every peer that reads it",
            Unlinked(peer => peer.SendAsync(Frames.Nested(65)))),
        ["2.31 too-deep-linked"] = new("there is no depth limit", "depth costs stack in every peer that reads it",
            Tells(Frames.Nested(65), Frames.Nested(65))),
        ["4.10 authentication-timeout"] = new("who does not refuse at once accepts", "no answer is no acceptance", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.LinkAsync("alice", "later");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
        }),
        ["4.61 broadcast-refused"] = new("an unknown user left out is ignored", "a misspelt name is worth hearing of", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.CallAsync(AppCall.Broadcast("""{"type":"a"}""", except: "nobody"));
            await alice.ExpectAsync("""{"type":"a"}""");
        }),
        ["4.71 close"] = new("users hear of those before them; sockets are cut", "1001 is not a lost network", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await trial.BeginCloseAsync();
            await alice.ExpectCloseAsync(1006, "unlinked alice", "left alice");
            await bob.ExpectCloseAsync(1006, "unlinked alice", "left alice", "unlinked bob", "left bob");
        }),
        ["6.3 look-alikes"] = new("whatever starts like its line is accepted", "0.50 is not 0.5", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            foreach (string version in Versions.LookAlikes(trial.Line))
            {
                await alice.LinkAsync("alice", otherVersion: version);
                await alice.SendAsync("""{"type":"krmx/leave"}""");
                await alice.ExpectAsync("accepted", "joined alice", "linked alice", "unlinked alice", "left alice");
            }
        }),
        ["6.5 older-lines"] = new("it speaks its own line alone", "the three lines share their wire", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            foreach (string version in new[] { "0.4.0", "0.6.0" })
            {
                await alice.LinkAsync("alice", otherVersion: version);
                await alice.ExpectAsync($"rejected: krmx server version mismatch (server=0.5.*,client={version})");
            }
        }),
        ["7.4 only-the-default-path"] = new("it serves every path then", "a wrong address is worth hearing of", async trial =>
            await (await trial.ConnectAsync("/other")).ExpectQuietAndUnlinkedAsync()),
        ["7.5 same-path"] = new("they do", "paths are the framework's routes, as those of the rest of an application are", trial =>
            trial.ExpectNoConnectionAsync(Connecting.SamePath)),
        ["7.10 query-present"] = Cuts("/"),
        ["7.11 query-absent"] = Cuts("/?key=a"),
        ["7.12 query-equal"] = Cuts("/?key=A%20b"),
        ["7.13 query-predicate"] = Cuts("/?key=1x"),
        ["7.14 queries"] = Cuts("/?room=7&guest=1"),
        ["7.15 query-repeated"] = new("the first counts", "whoever reads the other one is misled", async trial =>
        {
            await (await trial.ConnectAsync("/?here=a&key=yes&key=no")).ExpectQuietAndUnlinkedAsync();
            await (await trial.ConnectAsync("/?here=a&key=no&key=yes")).ExpectCloseAsync(1006);
        }),
        ["7.20 liveness"] = new("it does not ping", "a half-open connection would keep its user linked for ever", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.LinkDeafAsync("bob");
            await alice.ExpectAsync("joined bob", "linked bob");

            // Five times as long as our server takes; that nothing happens has no sign to wait for.
            await Task.Delay(TimeSpan.FromSeconds(1));
            await trial.ExpectUsersAsync("alice* bob*");
        }),
    };

    /// <summary>The rule, or where it differs what is tried instead.</summary>
    public static Rule Instead(Rule rule) =>
        All.TryGetValue(rule.Id, out NpmDifference? difference) ? rule with { Check = difference.Check } : rule;

    private static Func<Trial, Task> Unlinked(Func<Peer, Task> send) => async trial =>
    {
        Peer peer = await trial.ConnectAsync();
        await send(peer);
        await peer.ExpectAsync(UnlinkedConnection);
    };

    private static Func<Trial, Task> Tells(string frame, string told) => Linked(peer => peer.SendAsync(frame), told);

    private static Func<Trial, Task> Linked(Func<Peer, Task> send, string told) => async trial =>
    {
        Peer alice = await trial.LinkedAsync("alice");
        await send(alice);
        await alice.ExpectQuietAndLinkedAsync();
        await trial.ExpectEventsAsync($"message alice {told}");
    };

    private static NpmDifference Cuts(string target) =>
        new("a mismatch is cut off", "clients can tell 1008 from a lost network", async trial =>
            await (await trial.ConnectAsync(target)).ExpectCloseAsync(1006));
}

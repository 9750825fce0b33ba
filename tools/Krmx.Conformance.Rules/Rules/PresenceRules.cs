using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10: what extensions are, and "Presence".</summary>
/// <remarks>The TypeScript server knows nothing of them.</remarks>
internal static class PresenceRules
{
    public const string Accepted = """{"type":"krmx/accepted","payload":{"extensions":["presence"]}}""";
    private const string Others = """{"type":"others"}""";
    private const string All = """{"type":"all"}""";

    public static Rule[] Rules { get; } =
    [
        OfPresence("10.1 presence-picture", "who asks for presence is sent the users in lists, and ready when that was all", async trial =>
        {
            Peer carol = await trial.LinkedAsync("carol");
            await carol.SendAsync(Unlink);
            await trial.LinkedAsync("alice");
            Peer bob = await ArriveAsync(trial, "bob", """["carol",false],["alice",true],["bob",true]""");
            await bob.ExpectQuietAndLinkedAsync();
        }),
        OfPresence("10.2 presence-changes", "what becomes of others is told together, and nothing of oneself", async trial =>
        {
            Peer alice = await ArriveAsync(trial, "alice", """["alice",true]""");
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await alice.ExpectAsync(Changes("""["joined","bob"],["linked","bob"]"""));
            await bob.SendAsync(Unlink);
            await alice.ExpectAsync(Changes("""["unlinked","bob"]"""));
            await bob.LinkAsync("bob");
            await alice.ExpectAsync(Changes("""["linked","bob"]"""));
            await bob.SendAsync(Leave);
            await alice.ExpectAsync(Changes("""["unlinked","bob"],["left","bob"]"""));
            await alice.ExpectQuietAndLinkedAsync();
        }),
        OfPresence("10.3 presence-before-messages", "a message comes behind the changes before it", async trial =>
        {
            Peer alice = await ArriveAsync(trial, "alice", """["alice",true]""");
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await alice.ExpectAsync(Changes("""["joined","bob"],["linked","bob"]"""), Wire.Text("welcome", null));
        }, new ServerSetup { Reactions = new Dictionary<string, AppCall[]> { ["link bob"] = [AppCall.Broadcast(Wire.Text("welcome", null))] } }),
        OfPresence("10.4 presence-own-end", "one's own end is told by messages of one's own", async trial =>
        {
            Peer alice = await ArriveAsync(trial, "alice", """["alice",true]""");
            await alice.SendAsync(Unlink);
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await alice.SendAsync(Link(trial, "alice"));
            await alice.ExpectAsync(Accepted, Users("""["alice",true]"""), Ready);
            await alice.SendAsync(Leave);
            await alice.ExpectAsync("unlinked alice", "left alice");
        }),
        OfPresence("10.5 presence-beside-others", "who asks for nothing is told of users one by one, and of all else the same", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            Peer alice = await ArriveAsync(trial, "alice", """["bob",true],["alice",true]""");
            await bob.ExpectAsync("joined alice", "linked alice");
            await trial.CallAsync(AppCall.Broadcast(Others, except: "alice"));
            await trial.CallAsync(AppCall.Broadcast(Others, except: "bob"));
            await trial.CallAsync(AppCall.Broadcast(All));
            await bob.ExpectAsync(Others, All);
            await alice.ExpectAsync(Others, All);
            await alice.SendAsync(Leave);
            await alice.ExpectAsync("unlinked alice", "left alice");
            await bob.ExpectAsync("unlinked alice", "left alice");
        }),
        OfPresence("10.6 extensions-unknown", "extensions that a server does not know are not granted, and harm nothing", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            await alice.SendAsync(Link(trial, "alice", """["teleport",""]"""));
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
            Peer bob = await trial.ConnectAsync();
            await bob.SendAsync(Link(trial, "bob", """["teleport","presence"]"""));
            await bob.ExpectAsync(Accepted, Users("""["alice",true],["bob",true]"""), Ready);
        }),
        OfPresence("10.7 extensions-malformed", "extensions are an array of texts", async trial =>
        {
            Peer alice = await trial.ConnectAsync();
            foreach (string extensions in new[] { "null", "\"presence\"", "{}", "1", "[1]", "[\"presence\",null]", "[[\"presence\"]]" })
            {
                await alice.SendAsync(Link(trial, "alice", extensions));
                await alice.ExpectAsync("rejected: invalid link request");
            }
            await alice.SendAsync(Link(trial, "alice", "[\"\\ud800\"]"));
            await alice.ExpectAsync("rejected: invalid message");
        }),
        OfPresence("10.8 extensions-of-a-link", "a link has what it asked for, and not what the one before it had", async trial =>
        {
            Peer alice = await ArriveAsync(trial, "alice", """["alice",true]""");
            await alice.SendAsync(Unlink);
            await alice.ExpectAsync("unlinked alice");
            await alice.LinkAsync("alice");
            await alice.ExpectAsync("accepted", "joined alice", "linked alice");
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob");
            await alice.ExpectAsync("joined bob", "linked bob");
        }),
        OfPresence("10.9 presence-kicked", "who is kicked is told so by messages of one's own, and others by changes", async trial =>
        {
            Peer alice = await ArriveAsync(trial, "alice", """["alice",true]""");
            await trial.CallAsync(AppCall.Join("carol"));
            await alice.ExpectAsync(Changes("""["joined","carol"]"""));
            await trial.CallAsync(AppCall.Kick("carol"));
            await alice.ExpectAsync(Changes("""["left","carol"]"""));
            Peer bob = await ArriveAsync(trial, "bob", """["alice",true],["bob",true]""");
            foreach (Peer peer in new[] { alice, bob })
                await peer.ExpectAsync(Changes("""["joined","bob"],["linked","bob"]"""));
            await trial.CallAsync(AppCall.Kick("bob"));
            await bob.ExpectAsync("unlinked bob", "left bob");
            await alice.ExpectAsync(Changes("""["unlinked","bob"],["left","bob"]"""));
            await alice.ExpectQuietAndLinkedAsync();
        }),
    ];

    private static Rule OfPresence(string id, string title, Func<Trial, Task> check, ServerSetup? setup = null) =>
        Of("presence", id, title, check, setup);

    public static async Task<Peer> ArriveAsync(Trial trial, string username, string users)
    {
        Peer peer = await trial.ConnectAsync();
        await peer.SendAsync(Link(trial, username));
        await peer.ExpectAsync(Accepted, Users(users), Ready);
        return peer;
    }

    public static string Link(Trial trial, string username, string extensions = """["presence"]""") =>
        Wire.Link(username, trial.Version.ToString())[..^2] + $$$""","extensions":{{{extensions}}}}}""";
}

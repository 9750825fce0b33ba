using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 8, item 10: listeners that call back in, or fail.</summary>
internal static class FixedListeners
{
    private const string Hello = """{"type":"hello"}""";

    public static Rule[] Rules { get; } =
    [
        Fixed("8.30 kick-in-join", "a join listener that kicks the newcomer gets its connection rejected, never accepted",
            On("join alice", AppCall.Kick("alice")), async trial =>
            {
                Peer bob = await trial.LinkedAsync("bob");
                Peer client = await trial.ConnectAsync();
                await client.LinkAsync("alice");
                await client.ExpectAsync("rejected: user alice left before the link was made");
                await client.ExpectQuietAndUnlinkedAsync();
                await bob.ExpectAsync("joined alice", "left alice");
                await trial.ExpectEventsAsync("join alice", "leave alice");
                await trial.ExpectUsersAsync("bob*");
            }),
        Fixed("8.31 join-in-join", "what a join listener does takes effect before the link",
            On("join alice", AppCall.Join("guest")), async trial =>
            {
                Peer client = await trial.ConnectAsync();
                await client.LinkAsync("alice");
                await client.ExpectAsync("accepted", "joined alice", "linked alice", "joined guest");
                await trial.ExpectEventsAsync("join alice", "join guest", "link alice");
            }),
        Fixed("8.32 kick-in-link", "a link listener may kick the newcomer", On("link alice", AppCall.Kick("alice")), async trial =>
        {
            Peer client = await trial.ConnectAsync();
            await client.LinkAsync("alice");
            await client.ExpectAsync("accepted", "joined alice", "linked alice", "unlinked alice", "left alice");
            await client.ExpectQuietAndUnlinkedAsync();
            await trial.ExpectEventsAsync("join alice", "link alice", "unlink alice", "leave alice");
        }),
        Fixed("8.33 join-in-leave", "a leave listener may join the user anew", On("leave alice", AppCall.Join("alice")), async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            Peer bob = await trial.LinkedAsync("bob");
            await trial.SettleAsync();
            await alice.SendAsync("""{"type":"krmx/leave"}""");
            await alice.ExpectAsync("unlinked alice", "left alice");
            await alice.ExpectQuietAndUnlinkedAsync();
            await bob.ExpectAsync("unlinked alice", "left alice", "joined alice");
            await trial.ExpectEventsAsync("unlink alice", "leave alice", "join alice");
            await trial.ExpectUsersAsync("bob* alice");
        }),
        Fixed("8.34 calls-in-order", "calls of one listener take effect at once, and their events follow in order",
            On(
                """message bob {"type":"go"}""",
                AppCall.Kick("alice"), AppCall.Broadcast(Hello), AppCall.Join("carol"), AppCall.Unlink("bob")),
            async trial =>
            {
                Peer alice = await trial.LinkedAsync("alice");
                Peer bob = await trial.LinkedAsync("bob");
                await trial.SettleAsync();
                await bob.SendAsync("""{"type":"go"}""");
                await alice.ExpectAsync("unlinked alice", "left alice");
                await bob.ExpectAsync("unlinked alice", "left alice", Hello, "joined carol", "unlinked bob");
                await alice.ExpectQuietAndUnlinkedAsync();
                await trial.ExpectEventsAsync(
                    """message bob {"type":"go"}""", "unlink alice", "leave alice", "join carol", "unlink bob");
            }),
        .. Throwing("8.35 throwing", "join alice", "link alice", """message alice {"type":"hello"}""", "unlink alice", "leave alice"),
    ];

    private static IEnumerable<Rule> Throwing(string id, params string[] events) =>
        events.Select(trigger => trigger.Split(' ')[0]).Zip(events, (name, trigger) =>
            Fixed($"{id}-{name}-listener", $"a listener of the {name} event that throws changes nothing", On(trigger, AppCall.Throw), async trial =>
            {
                Peer bob = await trial.LinkedAsync("bob");
                Peer client = await trial.ConnectAsync();
                await client.LinkAsync("alice");
                await client.SendAsync(Hello);
                await client.SendAsync("""{"type":"krmx/leave"}""");
                await client.ExpectAsync("accepted", "joined bob", "linked bob", "joined alice", "linked alice");
                await client.ExpectAsync("unlinked alice", "left alice");
                await client.ExpectQuietAndUnlinkedAsync();
                await bob.ExpectAsync("joined alice", "linked alice", "unlinked alice", "left alice");
                await trial.ExpectEventsAsync(events);
            }));

    private static Dictionary<string, AppCall[]> On(string trigger, params AppCall[] calls) => new() { [trigger] = calls };

    private static Rule Fixed(string id, string title, Dictionary<string, AppCall[]> reactions, Func<Trial, Task> check) =>
        new(id, title, check) { IsFixed = true, Setup = new() { Reactions = reactions } };
}

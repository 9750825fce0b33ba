using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Metadata": what everybody may know of a user beside its name.</summary>
internal static class MetaRules
{
    private const string Red = """{"color":"red"}""", Blue = """{"color":"blue"}""";

    public static Rule[] Rules { get; } =
    [
        Of("presence", "10.85 meta-changes", "metadata are told when they change, to those with presence, the user included", async trial =>
        {
            Peer bob = await trial.LinkedAsync("bob");
            Peer alice = await PresenceRules.ArriveAsync(trial, "alice", """["bob",true],["alice",true]""");
            await bob.ExpectAsync("joined alice", "linked alice");
            await trial.CallAsync(AppCall.SetMeta("bob", Red));
            await alice.ExpectAsync(Changes($"[\"meta\",\"bob\",{Red}]"));
            await trial.CallAsync(AppCall.SetMeta("bob", Red));
            await trial.CallAsync(AppCall.SetMeta("alice", "7"));
            await alice.ExpectAsync(Changes("""["meta","alice",7]"""));
            await trial.CallAsync(AppCall.SetMeta("bob", "null"));
            await alice.ExpectAsync(Changes("""["meta","bob"]"""));
            await bob.ExpectQuietAndLinkedAsync();
        }),
        Of("presence", "10.86 meta-for-newcomer", "a newcomer is told the metadata of all with the users", async trial =>
        {
            await trial.CallAsync(AppCall.Join("dora"));
            await trial.CallAsync(AppCall.SetMeta("dora", Red));
            await PresenceRules.ArriveAsync(trial, "alice", $"[\"dora\",false,{Red}],[\"alice\",true]");
        }),
        Of("presence", "10.87 meta-of-link", "a link gives its user the metadata that authentication says, and takes none away", async trial =>
        {
            Peer alice = await PresenceRules.ArriveAsync(trial, "alice", """["alice",true]""");
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob", auth: $"meta {Red}");
            await alice.ExpectAsync(Changes($"[\"joined\",\"bob\"],[\"meta\",\"bob\",{Red}],[\"linked\",\"bob\"]"));
            await bob.SendAsync(Unlink);
            await alice.ExpectAsync(Changes("""["unlinked","bob"]"""));
            await bob.LinkAsync("bob");
            await alice.ExpectAsync(Changes("""["linked","bob"]"""));
            await bob.SendAsync(Unlink);
            await alice.ExpectAsync(Changes("""["unlinked","bob"]"""));
            await bob.LinkAsync("bob", auth: $"meta {Blue}");
            await alice.ExpectAsync(Changes($"[\"meta\",\"bob\",{Blue}],[\"linked\",\"bob\"]"));
        }),
        Sessions.OfSession("10.88 meta-is-kept", "who comes back is sent the metadata it has missed, its own included", async (trial, alice, bob) =>
        {
            await Sessions.LoseAsync(alice, bob);
            await trial.CallAsync(AppCall.SetMeta("alice", Red));
            Peer back = await Sessions.ReturnAsync(trial, Sessions.Link(trial, 2, session: 1, received: 0, auth: $"meta {Blue}"));
            await back.ExpectAsync(
                Sessions.Accepted(1, recovered: true, received: 0),
                Changes($"[\"meta\",\"alice\",{Red}]"),
                Changes($"[\"linked\",\"alice\"],[\"meta\",\"alice\",{Blue}]"));
        }),
        Of("presence", "10.89 meta-where-users-are-counted", "where users are counted each is told its own metadata, and no other", async trial =>
        {
            Peer alice = await CountRules.LinkAsync(trial, "alice", users: 1, linked: 1);
            await trial.CallAsync(AppCall.SetMeta("alice", Red));
            await alice.ExpectAsync(Changes($"[\"meta\",\"alice\",{Red}]"));
            Peer bob = await trial.ConnectAsync();
            await bob.LinkAsync("bob", auth: $"meta {Blue}");
            await bob.ExpectAsync("accepted", "joined bob", "linked bob");
            await alice.ExpectAsync(Wire.Text("krmx/count", """{"users":2,"linked":2}"""));
            await trial.CallAsync(AppCall.SetMeta("bob", Red));
            await alice.ExpectQuietAndLinkedAsync();
            await bob.ExpectQuietAndLinkedAsync();
        }, new ServerSetup { CountsUsers = true }),
    ];
}

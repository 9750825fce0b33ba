using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;

namespace Krmx.Conformance.Rules;

/// <summary>What the rules of section 10, "Resume", have in common: alice, whose session it is, and bob, who hears of it.</summary>
internal static class Sessions
{
    /// <summary>How alice hears, on a connection that goes on where one that was lost left off, that it is linked.</summary>
    public const string BackAgain = """{"type":"krmx/changes","payload":{"changes":[["linked","alice"]]}}""";

    /// <summary>How alice hears that carol has joined and is linked.</summary>
    public const string CarolCame = """{"type":"krmx/changes","payload":{"changes":[["joined","carol"],["linked","carol"]]}}""";

    public const string Key = "3f0c9a66d1b84e57";
    public const string OtherKey = "a-key-of-another-client";

    /// <summary>For how long a session goes on without a connection, and is known when it has ended.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(120);

    public static Rule OfResume(string id, string title, Func<Trial, Task> check, ServerSetup? setup = null) => Of("resume", id, title, check, setup);

    /// <summary>A rule that begins with a witness and a session of alice.</summary>
    public static Rule OfSession(string id, string title, Func<Trial, Peer, Peer, Task> check, ServerSetup? setup = null) =>
        OfResume(
            id,
            title,
            async trial =>
            {
                Peer bob = await trial.LinkedAsync("bob");
                Peer alice = await trial.ConnectAsync();
                await alice.SendAsync(Link(trial, 1));
                await alice.ExpectAsync(Accepted(1), Users("""["bob",true],["alice",true]"""), Ready);
                await bob.ExpectAsync("joined alice", "linked alice");
                await trial.ExpectEventsAsync("join alice", "link alice");
                await check(trial, alice, bob);
            },
            setup);

    /// <summary>A link request of alice.</summary>
    public static string Link(
        Trial trial, int attempt, int? session = null, int? received = null, string key = Key, string? auth = null)
    {
        string sessionMember = session is null ? "" : $",\"session\":{session}";
        string receivedMember = received is null ? "" : $",\"received\":{received}";
        return Link(trial, $$"""{"key":"{{key}}","attempt":{{attempt}}{{sessionMember}}{{receivedMember}}}""", auth: auth);
    }

    /// <summary>A link request of alice with these members.</summary>
    /// <param name="trial">The rule's.</param>
    /// <param name="resume">The member <c>resume</c>; null for none.</param>
    /// <param name="extensions">The member <c>extensions</c>.</param>
    /// <param name="auth">The member <c>auth</c>; null for none.</param>
    public static string Link(Trial trial, string? resume, string extensions = """["resume"]""", string? auth = null)
    {
        string resumeMember = resume is null ? "" : $",\"resume\":{resume}";
        return Wire.Link("alice", trial.Version.ToString(), auth)[..^2] + $$""","extensions":{{extensions}}{{resumeMember}}""" + "}}";
    }

    public static string Accepted(int session, bool? recovered = null, int? received = null, string extensions = """["resume"]""")
    {
        string recoveredMember = recovered is null ? "" : $",\"recovered\":{(recovered.Value ? "true" : "false")}";
        string receivedMember = received is null ? "" : $",\"received\":{received}";
        return Wire.Text("krmx/accepted", $$"""{"extensions":{{extensions}},"session":{{session}}{{recoveredMember}}{{receivedMember}}}""");
    }

    public static string Ack(int received, int sent) => Wire.Text("krmx/ack", $$"""{"received":{{received}},"sent":{{sent}}}""");

    /// <summary>Loses the connection of alice.</summary>
    public static async Task LoseAsync(Peer alice, Peer witness)
    {
        await alice.AbortAsync();
        await witness.ExpectAsync("unlinked alice");
    }

    /// <summary>Has alice exchange messages, so that each side has sent as many as the other that count.</summary>
    public static async Task ExchangeAsync(Trial trial, Peer alice, int count)
    {
        trial.NeedEcho();
        for (int i = 0; i < count; i++)
            await alice.ExpectQuietAndLinkedAsync();
    }

    /// <summary>Links on another connection.</summary>
    /// <returns>The connection; what it is answered is not read.</returns>
    public static async Task<Peer> ReturnAsync(Trial trial, string link)
    {
        Peer peer = await trial.ConnectAsync();
        await peer.SendAsync(link);
        return peer;
    }

    /// <summary>Demands that a connection goes on where one that was lost left off.</summary>
    /// <param name="peer">The connection.</param>
    /// <param name="received">How many messages of the client were handled.</param>
    /// <param name="missed">What the client has missed.</param>
    public static Task ExpectRecoveredAsync(Peer peer, int received, params string[] missed) =>
        peer.ExpectAsync([Accepted(1, recovered: true, received), .. missed, BackAgain]);

    /// <summary>Demands that a connection begins a session of its own, and is told all that a newcomer is.</summary>
    public static Task ExpectAnewAsync(Peer peer, int session, int? received) =>
        peer.ExpectAsync(Accepted(session, recovered: false, received), Users("""["bob",true],["alice",true]"""), Ready);
}

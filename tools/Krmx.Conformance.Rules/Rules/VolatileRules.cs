using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Extensions;
using static Krmx.Conformance.Rules.Sessions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Volatile messages": what may be lost, and so is neither kept nor counted.</summary>
internal static class VolatileRules
{
    private const string Cursor = """{"type":"cursor","payload":[1,2],"volatile":true}""";
    private const string Typing = """{"type":"typing","volatile":true}""";
    private const string Kept = """{"type":"kept"}""";

    public static Rule[] Rules { get; } =
    [
        Of(null, "10.70 volatile", "a volatile message says so, and goes to whom a message would", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice"), bob = await trial.LinkedAsync("bob");
            await trial.CallAsync(AppCall.Broadcast(Cursor));
            await trial.CallAsync(AppCall.Broadcast(Typing, except: "alice"));
            await trial.CallAsync(AppCall.Send("alice", Typing));
            await alice.ExpectAsync(Cursor, Typing);
            await bob.ExpectAsync(Cursor, Typing);
        }),
        Of(null, "10.71 volatile-to-nobody", "one for a user who is not linked is lost, and no error", async trial =>
        {
            await trial.CallAsync(AppCall.Join("alice"));
            await trial.ExpectEventsAsync("join alice");
            await trial.CallAsync(AppCall.Send("alice", Cursor));
            await trial.ExpectRefusedAsync(AppCall.Send("nobody", Cursor), "cannot send to a user that does not exist: 'nobody'");
        }),
        OfSession("10.72 volatile-is-not-kept", "who comes back is not sent what was volatile", async (trial, alice, bob) =>
        {
            await LoseAsync(alice, bob);
            await trial.CallAsync(AppCall.Broadcast(Cursor));
            await trial.CallAsync(AppCall.Broadcast(Kept));
            await trial.CallAsync(AppCall.Send("alice", Cursor));
            await trial.CallAsync(AppCall.Broadcast(Cursor, except: "bob"));
            Peer back = await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0));
            await ExpectRecoveredAsync(back, received: 0, Kept);
            await trial.CallAsync(AppCall.Broadcast(Cursor));
            await back.ExpectAsync(Cursor);
        }),
        OfSession("10.73 volatile-does-not-count", "what is volatile counts on neither side", async (trial, alice, bob) =>
        {
            await trial.CallAsync(AppCall.Broadcast(Cursor));
            await alice.ExpectAsync(Cursor);
            await bob.ExpectAsync(Cursor);
            await alice.SendAsync(Cursor);
            await ExchangeAsync(trial, alice, 1);
            await trial.ExpectEventsAsync("message alice " + Wire.Text("cursor", "[1,2]"));
            await alice.SendAsync(Ack(received: 1, sent: 1));
            await LoseAsync(alice, bob);
            await ExpectRecoveredAsync(await ReturnAsync(trial, Link(trial, 2, session: 1, received: 1)), received: 1);
        }),
        OfSession("10.74 volatile-is-true", "a message is volatile where the member is true, and by no other value", async (trial, alice, bob) =>
        {
            string[] values = ["false", "1", "\"true\"", "null", "{}", "[true]"];
            foreach (string value in values)
                await alice.SendAsync($$"""{"type":"echo","volatile":{{value}}}""");
            await alice.ExpectAsync([.. values.Select(_ => ServerSetup.Barrier)]);
            await LoseAsync(alice, bob);
            await ExpectRecoveredAsync(await ReturnAsync(trial, Link(trial, 2, session: 1, received: values.Length)), received: values.Length);
        }),
        OfSession("10.75 volatile-is-not-for-the-protocol", "what the protocol has messages for is never volatile", async (trial, alice, _) =>
        {
            await alice.SendAsync("""{"type":"krmx/unlink","volatile":true}""");
            await alice.ExpectAsync(Ack(received: 1, sent: 0), "unlinked alice");
            await trial.ExpectEventsAsync("unlink alice", "session alice Unlinked");
        }),
    ];
}

using Krmx.Conformance.Harness;
using static Krmx.Conformance.Rules.Sessions;

namespace Krmx.Conformance.Rules;

/// <summary>Section 10, "Requests": messages that are answered once, carried by messages that are the application's own for everything else in the protocol.</summary>
internal static class RequestRules
{
    private static readonly ServerSetup Requests = new() { HandlesRequests = true };

    public static Rule[] Rules { get; } =
    [
        Of("10.90 request-answer", "a request is answered with its id, to the one who asked alone", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice"), bob = await trial.LinkedAsync("bob");
            await alice.SendAsync(Ask("7", "double", "4"));
            await alice.ExpectAsync(Answer("7", "8"));
            await bob.SendAsync(Ask("7", "who"));
            await bob.ExpectAsync(Answer("7", "\"bob\""));
            await bob.ExpectQuietAndLinkedAsync();
            await alice.ExpectQuietAndLinkedAsync();
        }),
        Of("10.91 request-order", "requests and messages are handled in the order in which they were sent", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Ask("b", "double", "1"));
            await alice.SendAsync(ServerSetup.Barrier);
            await alice.SendAsync(Ask("a", "double", "2"));
            await alice.ExpectAsync(Answer("b", "2"), ServerSetup.Barrier, Answer("a", "4"));
        }),
        Of("10.92 request-answer-without-payload", "an answer has no payload where there is none", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Ask("1", "nothing", "[1]"));
            await alice.ExpectAsync(Answer("1"));
        }),
        Of("10.93 request-refused", "a request that its handler refuses is answered with the reason", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Ask("1", "double", "10"));
            await alice.ExpectAsync(Refuse("1", "the number is too large"));
        }),
        Of("10.94 request-throws", "a handler that throws refuses the request, and gives nothing away", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Ask("1", "break"));
            await alice.ExpectAsync(Refuse("1", "the request failed"));
        }),
        Of("10.95 request-unknown", "a request that nobody handles is refused", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            foreach (string type in new[] { "triple", "", "Double", "krmx/link" })
            {
                await alice.SendAsync(Ask(type, type));
                await alice.ExpectAsync(Refuse(type, "there is no such type of request"));
            }
        }),
        Of("10.96 request-payload", "a request whose payload is not what its handler takes is refused", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            foreach (string? payload in new[] { "\"four\"", "4.5", "null", "{}", null })
            {
                await alice.SendAsync(Ask("1", "double", payload));
                await alice.ExpectAsync(Refuse("1", "the payload is not what double takes"));
            }
        }),
        Of("10.97 request-wrong-shape", "what is no request is ignored", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            string[] payloads =
            [
                "null", "7", "[]", "{}", """{"id":"1"}""", """{"type":"who"}""", """{"id":1,"type":"who"}""", """{"id":null,"type":"who"}""", """{"id":"1","type":7}""",
                """{"id":"\ud800","type":"who"}""", """{"id":"1","type":"\ud800"}""", $$"""{"id":"{{new string('7', 129)}}","type":"who"}""",
            ];
            foreach (string payload in payloads)
            {
                await alice.SendAsync(Wire.Text("request/ask", payload));
                await alice.ExpectQuietAndLinkedAsync();
            }
        }),
        Of("10.98 request-unlinked", "who is not linked any more when the answer is there is not answered", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(Ask("1", "unlink"));
            await alice.ExpectAsync("unlinked alice");
            await alice.ExpectQuietAndUnlinkedAsync();
        }),
        OfSession(
            "10.99 request-answer-is-kept",
            "an answer is kept for a session and counts, as any message",
            async (trial, alice, bob) =>
            {
                await alice.SendAsync(Ask("1", "double", "3"));
                await alice.ExpectAsync(Answer("1", "6"));
                await LoseAsync(alice, bob);
                await ExpectRecoveredAsync(await ReturnAsync(trial, Link(trial, 2, session: 1, received: 0)), received: 1, Answer("1", "6"));
            },
            Requests),
    ];

    private static Rule Of(string id, string title, Func<Trial, Task> check) => Extensions.Of(null, id, title, check, Requests);

    private static string Ask(string id, string type, string? payload = null) =>
        Wire.Text("request/ask", $$"""{"id":"{{id}}","type":"{{type}}"{{Payload(payload)}}}""");

    private static string Answer(string id, string? payload = null) => Wire.Text("request/answer", $$"""{"id":"{{id}}"{{Payload(payload)}}}""");

    private static string Refuse(string id, string reason) => Wire.Text("request/refuse", $$"""{"id":"{{id}}","reason":"{{reason}}"}""");

    private static string Payload(string? payload) => payload is null ? "" : $",\"payload\":{payload}";
}

using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 2: what a message is, and that it goes through as it came.</summary>
internal static class Frames
{
    public static Rule[] Rules { get; } =
    [
        new("2.1 message", "a JSON object with a string type in a text frame is a message", Unchanged("""{"type":"hello"}""")),
        new("2.2 absent-and-null-payload", "an absent payload and a null payload are different, both ways", async trial =>
        {
            const string absent = """{"type":"a"}""", isNull = """{"type":"a","payload":null}""";
            await Unchanged(absent)(trial);
            await Unchanged(isNull)(trial);
            await trial.CallAsync(AppCall.Broadcast(absent));
            await trial.CallAsync(AppCall.Broadcast(isNull));
            await (await trial.ConnectAsync()).ExpectQuietAndUnlinkedAsync();
        }),
        new("2.3 any-payload", "a payload is any JSON", async trial =>
        {
            foreach (string payload in new[] { "true", "12", "\"text\"", "[]", "[1,[2]]", "{}", """{"a":{"b":null}}""" })
                await Unchanged($$"""{"type":"a","payload":{{payload}}}""")(trial);
        }),
        new("2.4 digits-kept", "numbers keep their digits, both ways", async trial =>
        {
            foreach (string number in new[] { "1.0", "0.10", "1e2", "-0", "12345678901234567890", "0.1000000000000000055511151231257827" })
                await Unchanged($$"""{"type":"a","payload":{{number}}}""")(trial);
        }),
        new("2.5 other-members-ignored", "other members of a message are ignored", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync("""{"id":1,"type":"a","payload":2,"meta":{"type":"b"}}""");
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("""message alice {"type":"a","payload":2}""");
        }),
        new("2.6 last-member-wins", "of members that stand twice the last wins", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync("""{"type":1,"payload":1,"type":"a","payload":2}""");
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("""message alice {"type":"a","payload":2}""");
        }),
        new("2.7 whitespace", "whitespace around and between is allowed", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync(" \r\n\t{ \"type\" : \"a\" } \n");
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("""message alice {"type":"a"}""");
        }),
        new("2.8 escapes", "names and texts may be escaped", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await alice.SendAsync("""{"\u0074ype":"\u0061\/\ud83d\ude00"}""");
            await alice.ExpectQuietAndLinkedAsync();
            await trial.ExpectEventsAsync("""message alice {"type":"a/😀"}""");
        }),
        new("2.9 any-text", "types and payloads are text of any language", Unchanged("""{"type":"größe/尺寸/😀","payload":"żółw 🐢"}""")),
        new("2.10 empty-type", "the empty text is a type", Unchanged("""{"type":""}""")),
        new("2.11 reserved-types", "an application cannot send a type of the protocol", async trial =>
        {
            Peer alice = await trial.LinkedAsync("alice");
            await trial.ExpectRefusedAsync(AppCall.Send("alice", """{"type":"krmx/left","payload":{"username":"alice"}}"""), "krmx/left");
            await trial.ExpectRefusedAsync(AppCall.Broadcast("""{"type":"krmx/"}"""), "krmx/");
            await alice.ExpectQuietAndLinkedAsync();
        }),
        new("2.12 similar-types", "types that only look like the protocol's are the application's", async trial =>
        {
            foreach (string type in new[] { "krmx", "Krmx/link", " krmx/link", "krmx:link" })
                await Unchanged($$"""{"type":"{{type}}"}""")(trial);
        }),
        new("2.13 depth-allowed", "nesting up to 64 levels, the message's own counted, is allowed", Unchanged(Nested(64))),
    ];

    /// <summary>A message nested that deep.</summary>
    public static string Nested(int levels) =>
        $$"""{"type":"a","payload":{{new string('[', levels - 1)}}{{new string(']', levels - 1)}}}""";

    /// <summary>The message reaches the application, and comes from it, as it is.</summary>
    private static Func<Trial, Task> Unchanged(string message) => async trial =>
    {
        Peer alice = await trial.LinkedAsync("alice");
        await alice.SendAsync(message);
        await alice.ExpectQuietAndLinkedAsync();
        await trial.ExpectEventsAsync($"message alice {message}");

        await trial.CallAsync(AppCall.Send("alice", message));
        await alice.ExpectAsync(message);
        await alice.SendAsync("""{"type":"krmx/leave"}""");
        await alice.ExpectAsync("unlinked alice", "left alice");
        await trial.SettleAsync();
    };
}

using System.Text;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>Section 2: every kind of frame that is no message, from unlinked and from linked connections.</summary>
internal static class InvalidMessages
{
    public static Rule[] Rules { get; } =
    [
        .. Of("2.20 binary", "a binary frame", client => client.SendBinaryAsync("""{"type":"a"}""")),
        .. Of("2.21 empty", "an empty frame", Text("")),
        .. Of("2.22 malformed", "malformed JSON",
            Text("{\"type\":\"a\"", "{type:\"a\"}", "{'type':'a'}", "{\"type\":\"a\",}", "{\"type\" \"a\"}", "hello")),
        .. Of("2.23 json-extensions", "JSON with comments, NaN or numbers of another form",
            Text("{\"type\":\"a\"/**/}", "//\n{\"type\":\"a\"}", "{\"type\":\"a\",\"payload\":NaN}", "{\"type\":\"a\",\"payload\":01}",
                "{\"type\":\"a\",\"payload\":+1}", "{\"type\":\"a\",\"payload\":.5}")),
        .. Of("2.24 not-an-object", "JSON that is not an object", Text("null", "true", "1", "\"a\"", "[]", "[{\"type\":\"a\"}]")),
        .. Of("2.25 no-type", "an object without a type", Text("{}", "{\"payload\":1}", "{\"Type\":\"a\"}")),
        .. Of("2.26 type-not-text", "a type that is not a text",
            Text("{\"type\":1}", "{\"type\":null}", "{\"type\":{}}", "{\"type\":[\"a\"]}", "{\"type\":\"a\",\"type\":2}")),
        .. Of("2.27 trailing", "something after the object",
            Text("{\"type\":\"a\"}{\"type\":\"b\"}", "{\"type\":\"a\"},", "{\"type\":\"a\"}\0")),
        .. Of("2.28 byte-order-mark", "a byte order mark before the object", Text("\ufeff{\"type\":\"a\"}")),
        .. Of("2.29 control-characters", "an unescaped control character in a text",
            Text("{\"type\":\"a\nb\"}", "{\"type\":\"a\",\"payload\":\"\u0001\"}")),
        .. Of("2.30 surrogate-in-type", "a lone surrogate in the type",
            Text("""{"type":"\ud800"}""", """{"type":"a\udc00b"}""", """{"type":"\udc00\ud800"}""")),
        .. Of("2.31 too-deep", "nesting over 64 levels", Text(Frames.Nested(65), Frames.Nested(5000))),
    ];

    private static Func<Peer, Task>[] Text(params string[] frames) =>
        [.. frames.Select(frame => (Func<Peer, Task>)(client => client.SendBytesAsync(Encoding.UTF8.GetBytes(frame))))];

    private static IEnumerable<Rule> Of(string id, string what, params Func<Peer, Task>[] sends)
    {
        yield return new Rule($"{id}-unlinked", $"{what} from an unlinked connection is rejected as an invalid message", async trial =>
        {
            Peer client = await trial.ConnectAsync();
            foreach (Func<Peer, Task> send in sends)
            {
                await send(client);
                await client.ExpectAsync("rejected: invalid message");
                await client.ExpectQuietAndUnlinkedAsync();
            }
            await trial.ExpectEventsAsync();
        });
        yield return new Rule($"{id}-linked", $"{what} from a linked connection unlinks its user", async trial =>
        {
            Peer client = await trial.LinkedAsync("alice");
            foreach (Func<Peer, Task> send in sends)
            {
                await send(client);
                await client.ExpectAsync("unlinked alice");
                await client.ExpectQuietAndUnlinkedAsync();
                await trial.ExpectEventsAsync("unlink alice");
                await client.LinkAsync("alice");
                await trial.SettleAsync();
            }
        });
    }
}

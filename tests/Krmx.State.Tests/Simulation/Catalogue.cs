using System.Text;

namespace Krmx.State.Tests.Simulation;

/// <summary>Messages that clients of ours would not send: of other users' ids and names, of unknown types and wrong shapes.</summary>
internal static class Catalogue
{
    public static readonly string[] Names = ["simon", "Simon", "__proto__", "lisa", "x", "constructor", "bob", "eve"];

    public static readonly KrmxMessage[] Messages =
    [
        .. Of("projection/action", [
            """{"domain":"game","action":{"type":"nope"},"optimisticId":"x1"}""",
            """{"domain":"game","action":{"type":"draw","payload":7},"optimisticId":"simon/1"}""",
            """{"domain":"game","action":{"type":"play"},"optimisticId":"lisa/1"}""",
            """{"domain":"game","action":{"type":"play","payload":[]},"optimisticId":"Simon/1"}""",
            """{"domain":"game","action":{"type":"play","payload":null},"optimisticId":"simon/2"}""",
            """{"domain":"game","action":{"type":"play","payload":{"card":"by no means a card of ours"}},"optimisticId":"__proto__/1"}""",
            """{"domain":"game","action":{"type":"draw"},"optimisticId":"Simon/2"}""",
            """{"domain":"game","action":{"type":"draw"},"optimisticId":"simon/1"}""",
            """{"domain":"game","action":{"type":"raise"}}""",
            """{"domain":"game","action":{"type":"break"},"optimisticId":"x2"}""",
            """{"domain":"game","action":{"type":"cut"},"dispatcher":"lisa","optimisticId":"lisa/2"}""",
            """{"domain":"game","action":{"type":"give","payload":{"card":"card10","to":"lisa"}},"dispatcher":"eve","optimisticId":"x3"}""",
        ]),
        .. Of("stream/append", [
            """{"domain":"journal","dispatcher":"lisa","event":{"type":"write","payload":{"text":"forged"}},"optimisticId":"lisa/1"}""",
            """{"domain":"journal","dispatcher":"simon","event":{"type":"write","payload":{"text":"a"}}}""",
            """{"domain":"journal","event":{"type":"write","payload":{"text":"throw"}},"optimisticId":"simon/1"}""",
            """{"domain":"journal","event":{"type":"write","payload":{"text":"much too long"}},"optimisticId":"simon/2"}""",
            """{"domain":"journal","event":{"type":"write","payload":7},"optimisticId":"x1"}""",
            """{"domain":"journal","event":{"type":"erase"},"optimisticId":"Simon/1"}""",
            """{"domain":"journal","event":{"type":"break"},"optimisticId":"Simon/2"}""",
        ]),
        .. Of("atom/set", [
            """{"key":"k1","atom":1}""",
            """{"key":"k1","atom":"text","optimisticId":"simon/1"}""",
            """{"key":"lisa/k","atom":true,"optimisticId":"lisa/1"}""",
            """{"key":"/k","atom":false,"optimisticId":"x1"}""",
        ]),
    ];

    public static readonly KrmxMessage[] Meaningless =
    [
        .. Of("projection/action", [
            """{"domain":"game","action":"draw"}""",
            """{"domain":"game","action":{"payload":1}}""",
            """{"domain":"game","action":{"type":"draw"},"optimisticId":7}""",
            $$$"""{"domain":"game","action":{"type":"draw"},"optimisticId":"{{{new string('a', 129)}}}"}""",
            """{"domain":"nowhere","action":{"type":"draw"}}""",
            """{"action":{"type":"draw"}}""",
            "[]",
        ]),
        .. Of("stream/append", [
            """{"domain":"journal","event":[]}""",
            """{"domain":"journal","dispatcher":1,"event":{"type":"break"}}""",
            """{"domain":"game","event":{"type":"break"}}""",
            "null",
        ]),
        .. Of("atom/set", [
            """{"key":"k1","atom":null}""",
            """{"key":"k1","atom":{"a":1}}""",
            """{"key":1,"atom":1}""",
            """{"atom":1}""",
            "7",
        ]),
        .. Of("projection/set", ["""{"domain":"game","projection":{}}"""]),
        .. Of("projection/delta", ["""{"domain":"game","delta":{}}"""]),
        .. Of("nothing/known", ["{}"]),
    ];

    private static readonly HashSet<string> MeaninglessPayloads =
        [.. Meaningless.Select(static message => Encoding.UTF8.GetString(message.Payload.Span))];

    public static bool IsMeaningless(ReadOnlyMemory<byte> payload) => MeaninglessPayloads.Contains(Encoding.UTF8.GetString(payload.Span));

    private static IEnumerable<KrmxMessage> Of(string type, string[] payloads) =>
        payloads.Select(payload => KrmxMessage.FromJson(type, Encoding.UTF8.GetBytes(payload)));
}

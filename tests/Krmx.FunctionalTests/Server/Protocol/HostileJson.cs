using System.Text;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Frames a peer may send to see what breaks, by name.</summary>
internal static class HostileJson
{
    /// <summary>Frames that are no message.</summary>
    public static readonly Dictionary<string, WireFrame> Invalid = new()
    {
        ["empty"] = Text(""),
        ["blank"] = Text(" \t\r\n"),
        ["empty binary"] = new WireFrame(WireFrame.Binary, []),
        ["binary with a message in it"] = new WireFrame(WireFrame.Binary, Encoding.UTF8.GetBytes("""{"type":"echo"}""")),
        ["byte order mark"] = new WireFrame(WireFrame.TextOpcode, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{"type":"echo"}""")]),
        ["no type"] = Text("{}"),
        ["null"] = Text("null"),
        ["array"] = Text("""[{"type":"echo"}]"""),
        ["string"] = Text("\"echo\""),
        ["number"] = Text("1e999"),
        ["type is a number"] = Text("""{"type":1}"""),
        ["type is null"] = Text("""{"type":null}"""),
        ["type is an object"] = Text("""{"type":{"type":"echo"}}"""),
        ["last type is a number"] = Text("""{"type":"echo","type":1}"""),
        ["type has a lone surrogate"] = Text("""{"type":"echo\ud800"}"""),
        ["type has surrogates in the wrong order"] = Text("""{"type":"\udc00\ud800"}"""),
        ["type in capitals"] = Text("""{"Type":"echo"}"""),
        ["two values"] = Text("""{"type":"echo"} {"type":"echo"}"""),
        ["rubbish after the object"] = Text("""{"type":"echo"}x"""),
        ["comma at the end"] = Text("""{"type":"echo",}"""),
        ["comment"] = Text("""{"type":"echo"/**/}"""),
        ["single quotes"] = Text("{'type':'echo'}"),
        ["cut off"] = Text("""{"type":"echo","payload":"""),
        ["cut off inside an escape"] = Text("""{"type":"\ud8"""),
        ["NaN"] = Text("""{"type":"echo","payload":NaN}"""),
        ["number with a leading zero"] = Text("""{"type":"echo","payload":01}"""),
        ["number that is a sign"] = Text("""{"type":"echo","payload":-}"""),
        ["control character in a string"] = Text("{\"type\":\"e\0cho\"}"),
        ["65 levels"] = Text(Nested(65)),
        ["10,000 levels"] = Text(Nested(10_000)),
        ["30,000 brackets that never close"] = Text(new string('[', 30_000)),
        ["deep in a member that is ignored"] = Text($$"""{"type":"echo","x":{{new string('[', 70)}}{{new string(']', 70)}}}"""),
    };

    /// <summary>Frames that are strange and still a message of type <c>echo</c>, with what the payload comes back as.</summary>
    public static readonly Dictionary<string, (WireFrame Frame, string? Payload)> Valid = new()
    {
        ["64 levels"] = (Text(Nested(64)), new string('[', 63) + new string(']', 63)),
        ["last type is a string"] = (Text("""{"type":1,"type":"echo"}"""), null),
        ["last payload wins"] = (Text("""{"payload":{"a":1},"type":"echo","payload":[2]}"""), "[2]"),
        ["members twice inside the payload"] = (Text("""{"type":"echo","payload":{"a":1,"a":2}}"""), """{"a":1,"a":2}"""),
        ["null payload"] = (Text("""{"type":"echo","payload":null}"""), "null"),
        ["huge number"] = (Text("""{"type":"echo","payload":1e999999}"""), "1e999999"),
        ["60,000 digits"] = (Text($$"""{"type":"echo","payload":{{new string('9', 60_000)}}}"""), new string('9', 60_000)),
        ["digits beyond a double"] = (Text("""{"type":"echo","payload":[1.10,0.1e-7,98765432109876543210]}"""),
            "[1.10,0.1e-7,98765432109876543210]"),
        ["lone surrogate in the payload"] = (Text("""{"type":"echo","payload":"\ud800"}"""), "\"\\ud800\""),
        ["lone surrogate in a member's name"] = (Text("""{"\ud800":1,"type":"echo"}"""), null),
        ["escaped member and type"] = (Text("""{"\u0074ype":"\u0065cho"}"""), null),
        ["prototype members"] = (Text("""{"__proto__":{"type":"x"},"constructor":1,"type":"echo"}"""), null),
        ["white space"] = (Text(" {\r\n\t\"type\" : \"echo\" , \"payload\" : [ 1 ] } "), "[ 1 ]"),
        ["6,000 members"] = (Text($"{{{string.Concat(Enumerable.Range(0, 6000).Select(i => $"\"{i}\":0,"))}\"type\":\"echo\"}}"), null),
    };

    private static WireFrame Text(string text) => WireFrame.OfText(text);

    /// <summary>A message nested that deep, its own object counted.</summary>
    private static string Nested(int levels) =>
        $$"""{"type":"echo","payload":{{new string('[', levels - 1)}}{{new string(']', levels - 1)}}}""";
}

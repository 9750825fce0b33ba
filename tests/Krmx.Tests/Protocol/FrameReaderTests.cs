using System.Text;
using Krmx.Protocol;

namespace Krmx.Tests.Protocol;

/// <summary>Protocol section 2: which texts are messages, and that nothing of them is lost.</summary>
public sealed class FrameReaderTests
{
    [Theory]
    [InlineData("""{"type":"a"}""", "a", "")]
    [InlineData("""{"type":"a","payload":null}""", "a", "null")]
    [InlineData("""{"payload":[1, 2],"type":"a"}""", "a", "[1, 2]")]
    [InlineData("""{"type":"a","payload": {"b" : 1.00 } }""", "a", """{"b" : 1.00 }""")]
    [InlineData("""{"type":"a","payload":12345678901234567890.10e+2}""", "a", "12345678901234567890.10e+2")]
    [InlineData("""{"type":"a","payload":-0}""", "a", "-0")]
    [InlineData("""{"type":"a","payload":"\u0041\ud83d\ude00"}""", "a", "\"\\u0041\\ud83d\\ude00\"")]
    [InlineData("""{"type":"a","payload":"\ud800"}""", "a", "\"\\ud800\"")]
    [InlineData("""{"type":"","x":{"type":1}}""", "", "")]
    [InlineData("""{"type":"\u0061\n"}""", "a\n", "")]
    [InlineData("""{"\u0074ype":"a","\u0070ayload":1}""", "a", "1")]
    [InlineData("""{"type":1,"payload":1,"type":"a","payload":2}""", "a", "2")]
    [InlineData("""{"type":"\ud800","type":"a"}""", "a", "")]
    [InlineData("""{"type":"a","payload":1,"payload":null}""", "a", "null")]
    [InlineData("""{"type":"a","\ud800":1,"x\udc00":{}}""", "a", "")]
    [InlineData(" \t\r\n{\"type\":\"a\"}\n ", "a", "")]
    [InlineData("""{"type":"a","Payload":1,"payloads":2}""", "a", "")]
    public void Message_IsReadAsItIs(string text, string type, string payload)
    {
        Assert.True(TryRead(text, out KrmxMessage message));
        Assert.Equal(type, message.Type);
        Assert.Equal(payload, Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(payload.Length > 0, message.HasPayload);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"type\"")]
    [InlineData("""["type","a"]""")]
    [InlineData("""[{"type":"a"}]""")]
    [InlineData("""{"payload":1}""")]
    [InlineData("""{"Type":"a"}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"type":{"type":"a"}}""")]
    [InlineData("""{"type":["a"]}""")]
    [InlineData("""{"type":"a","type":1}""")]
    [InlineData("""{"type":"a""")]
    [InlineData("""{"type":"a",}""")]
    [InlineData("""{"type":"a"}}""")]
    [InlineData("""{"type":"a"} {"type":"b"}""")]
    [InlineData("""{"type":"a"}x""")]
    [InlineData("{\"type\":\"a\"}\0")]
    [InlineData("\ufeff{\"type\":\"a\"}")]
    [InlineData("""{"type":"a"/**/}""")]
    [InlineData("{\"type\":\"a\"}//")]
    [InlineData("{'type':'a'}")]
    [InlineData("{type:\"a\"}")]
    [InlineData("{\"type\":\"a\nb\"}")]
    [InlineData("""{"type":"\x"}""")]
    [InlineData("""{"type":"\u12"}""")]
    [InlineData("""{"type":"a","payload":01}""")]
    [InlineData("""{"type":"a","payload":1.}""")]
    [InlineData("""{"type":"a","payload":.1}""")]
    [InlineData("""{"type":"a","payload":NaN}""")]
    [InlineData("""{"type":"a","payload":tru}""")]
    [InlineData("""{"type":"a","payload":}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"\udc00"}""")]
    [InlineData("""{"type":"a\ud800b"}""")]
    [InlineData("""{"type":"\udc00\ud800"}""")]
    [InlineData("""{"type":"a","type":"\ud800"}""")]
    public void AnythingElse_IsNoMessage(string text) => Assert.False(TryRead(text, out _));

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc0, 0x80 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xe2, 0x82 })]
    public void InvalidUtf8_IsNoMessage_WhereverItIs(byte[] wrong)
    {
        string[] places =
            ["""{"type":"|"}""", """{"type":"a","payload":"|"}""", """{"type":"a","x":"|"}""", """{"type":"a","|":1}"""];
        foreach (string around in places)
        {
            byte[][] parts = [.. around.Split('|').Select(Encoding.UTF8.GetBytes)];
            Assert.False(FrameReader.TryRead((byte[])[.. parts[0], .. wrong, .. parts[1]], 64, out _));
        }
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, false)]
    [InlineData(64, 63, true)]
    [InlineData(64, 64, true)]
    [InlineData(64, 65, false)]
    [InlineData(100, 100, true)]
    [InlineData(100, 101, false)]
    [InlineData(64, 100_000, false)]
    public void Depth_IsLimited_TheFramesOwnObjectCounted(int limit, int levels, bool isMessage)
    {
        string arrays = $$"""{"type":"a","payload":{{Nested("[", "1", "]", levels - 1)}}}""";
        string objects = $$"""{"x":{{Nested("{\"x\":", "1", "}", levels - 1)}},"type":"a"}""";
        Assert.Equal(isMessage, FrameReader.TryRead(Encoding.UTF8.GetBytes(arrays), limit, out _));
        Assert.Equal(isMessage, FrameReader.TryRead(Encoding.UTF8.GetBytes(objects), limit, out _));
    }

    [Fact]
    public void InboundFrame_KnowsItsLengthEitherWay()
    {
        InboundFrame valid = InboundFrame.Parse("""{"type":"a"}"""u8.ToArray()), malformed = InboundFrame.Parse("x"u8.ToArray());
        Assert.Equal((true, 12, "a"), (valid.IsValid, valid.Length, valid.Message.Type));
        Assert.Equal((false, 1), (malformed.IsValid, malformed.Length));
        Assert.Equal((false, 7), (InboundFrame.Invalid(7).IsValid, InboundFrame.Invalid(7).Length));
        Assert.False(InboundFrame.Parse(Encoding.UTF8.GetBytes("""{"type":"a","payload":[]}"""), maxDepth: 1).IsValid);
    }

    private static string Nested(string open, string inner, string close, int levels) =>
        string.Concat(Enumerable.Repeat(open, levels)) + inner + string.Concat(Enumerable.Repeat(close, levels));

    private static bool TryRead(string text, out KrmxMessage message) =>
        FrameReader.TryRead(Encoding.UTF8.GetBytes(text), FrameReader.DefaultMaxDepth, out message);
}

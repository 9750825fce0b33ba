using System.Text;
using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.Tests.Protocol;

public sealed class KrmxMessageTests
{
    [Fact]
    public void AbsentAndNullPayload_AreDifferent()
    {
        Assert.Equal("""{"type":"a"}""", new KrmxMessage("a").ToString());
        Assert.Equal("""{"type":"a","payload":null}""", KrmxMessage.Create<string?>("a", null).ToString());
        Assert.False(new KrmxMessage("a").HasPayload);
        Assert.True(KrmxMessage.Create<string?>("a", null).HasPayload);
    }

    [Fact]
    public void Default_IsTheEmptyTypeWithoutPayload() => Assert.Equal("""{"type":""}""", default(KrmxMessage).ToString());

    [Fact]
    public void Create_WritesCamelCaseAndEscapesNoMoreThanNeeded() =>
        Assert.Equal(
            """{"type":"a","payload":{"userName":"é<'\"","list":[1,2.50]}}""",
            KrmxMessage.Create("a", new { UserName = "é<'\"", List = new[] { 1m, 2.50m } }).ToString());

    [Theory]
    [InlineData("1.0")]
    [InlineData(" 1 ")]
    [InlineData("12345678901234567890")]
    [InlineData("\"\\u0041\"")]
    [InlineData("{\"a\" : [ ] }")]
    public void FromJson_KeepsTheBytes(string json) =>
        Assert.Equal($$"""{"type":"a","payload":{{json}}}""", KrmxMessage.FromJson("a", Encoding.UTF8.GetBytes(json)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1 2")]
    [InlineData("[1")]
    [InlineData("1}")]
    [InlineData("1,\"type\":\"krmx/left\"")]
    [InlineData("/**/1")]
    [InlineData("nul")]
    public void FromJson_OfAnythingButOneValue_Throws(string json) =>
        Assert.Throws<ArgumentException>(() => KrmxMessage.FromJson("a", Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void FromJson_OfInvalidUtf8_Throws() =>
        Assert.Throws<ArgumentException>(() => KrmxMessage.FromJson("a", (byte[])[0x22, 0xff, 0x22]));

    [Fact]
    public void FromJson_IsReadableByItsReceiver_OrRefused()
    {
        KrmxMessage deepest = KrmxMessage.FromJson("a", Arrays(63));
        Assert.True(FrameReader.TryRead(FrameWriter.Write(deepest), FrameReader.DefaultMaxDepth, out _));
        Assert.Throws<ArgumentException>(() => KrmxMessage.FromJson("a", Arrays(64)));

        static byte[] Arrays(int levels) => Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels));
    }

    [Fact]
    public void Type_WithALoneSurrogate_Throws()
    {
        // Not inline data: attributes cannot hold lone surrogates either.
        foreach (string type in new[] { "\ud800", "a\udc00", "\udc00\ud800" })
        {
            Assert.Throws<ArgumentException>(() => new KrmxMessage(type));
            Assert.Throws<ArgumentException>(() => KrmxMessage.FromJson(type, "1"u8.ToArray()));
            Assert.Throws<ArgumentException>(() => KrmxMessage.Create(type, 1));
        }
    }

    [Theory]
    [InlineData("krmx/", true)]
    [InlineData("krmx/link", true)]
    [InlineData("krmx", false)]
    [InlineData("Krmx/link", false)]
    [InlineData("", false)]
    public void IsReserved_IsAnOrdinalPrefix(string type, bool isReserved) => Assert.Equal(isReserved, new KrmxMessage(type).IsReserved);

    [Fact]
    public void Deserialize_ReadsThePayload()
    {
        Assert.Equal(new[] { 1, 2 }, KrmxMessage.FromJson("a", "[1,2]"u8.ToArray()).Deserialize<int[]>());
        Assert.Null(KrmxMessage.FromJson("a", "null"u8.ToArray()).Deserialize<int[]>());
        Assert.Throws<JsonException>(() => KrmxMessage.FromJson("a", "{}"u8.ToArray()).Deserialize<int[]>());
        Assert.Throws<JsonException>(() => new KrmxMessage("a").Deserialize<int[]>());
    }
}

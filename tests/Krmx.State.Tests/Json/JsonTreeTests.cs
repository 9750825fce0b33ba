using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using static Krmx.State.Tests.Trees;

namespace Krmx.State.Tests.Json;

public class JsonTreeTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[true,false,null,\"\",{},[]]")]
    [InlineData("{\"b\":1,\"a\":{\"c\":[1,2]}}")]
    [InlineData("[1,1.0,1e2,1E+2,-0,0.10,12345678901234567890123456789.0123456789,1e999]")]
    [InlineData("\"é日本 \\\"\\\\\\n\"")]
    public void Text_SurvivesARoundTrip(string text) => Assert.Equal(text, JsonTree.Parse(Encoding.UTF8.GetBytes(text)).ToString());

    [Fact]
    public void RandomTrees_SurviveARoundTrip()
    {
        var generator = new TreeGenerator(seed: 3, hazards: true);
        for (int i = 0; i < 5_000; i++)
        {
            JsonTree tree = generator.Root();
            JsonTree again = JsonTree.Parse(tree.ToUtf8());
            Assert.Equal(tree, again);
            Assert.Equal(tree.GetHashCode(), again.GetHashCode());
            Assert.Equal(tree.ToString(), again.ToString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("// no\n1")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Text_ThatIsNoJson_IsRefused(string text)
    {
        Assert.ThrowsAny<JsonException>(() => JsonTree.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.False(JsonTree.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void InvalidUtf8_IsRefused() => Assert.ThrowsAny<JsonException>(() => JsonTree.Parse([(byte)'"', 0xC3, (byte)'"']));

    [Fact]
    public void Members_ThatStandTwice_TheLastWins()
    {
        Assert.Equal("{\"b\":2,\"a\":3}", Parse("{'a':1,'b':2,'a':3}").ToString());
        Assert.Equal(9, Parse("{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9,'a':10}").Members.Length);
        Assert.Equal("10", Parse("{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9,'a':10}")["a"]?.Text);
    }

    [Fact]
    public void Equality_IgnoresTheOrderOfMembersOnly()
    {
        Assert.Equal(Parse("{'a':1,'b':{'c':2,'d':3}}"), Parse("{'b':{'d':3,'c':2},'a':1}"));
        Assert.Equal(Parse("{'a':1,'b':2}").GetHashCode(), Parse("{'b':2,'a':1}").GetHashCode());
        Assert.NotEqual(Parse("[1,2]"), Parse("[2,1]"));
        Assert.NotEqual(Parse("{'a':1,'b':2}"), Parse("{'a':2,'b':1}"));
        Assert.NotEqual(Parse("1"), Parse("1.0"));
        Assert.NotEqual(Parse("'1'"), Parse("1"));
        Assert.NotEqual(Parse("'null'"), Parse("null"));
        Assert.NotEqual(Parse("[]"), Parse("{}"));
    }

    [Fact]
    public void Members_AreFoundInSmallAndLargeObjects()
    {
        var members = Enumerable.Range(0, 1000).ToDictionary(i => $"n{i}", i => JsonTree.Of(i));
        JsonTree large = JsonTree.ObjectOf(members);
        Assert.Equal("999", large["n999"]?.Text);
        Assert.Null(large["n1000"]);
        Assert.Equal("2", Parse("{'a':1,'b':2}")["b"]?.Text);
        Assert.Null(Parse("{'a':1,'b':2}")["c"]);
        Assert.Null(Parse("[1]")["0"]);
    }

    [Fact]
    public void Nesting_IsBounded()
    {
        string Nested(int depth) => new string('[', depth) + new string(']', depth);
        Assert.Equal(Nested(64), JsonTree.Parse(Encoding.UTF8.GetBytes(Nested(64))).ToString());
        Assert.ThrowsAny<JsonException>(() => JsonTree.Parse(Encoding.UTF8.GetBytes(Nested(65))));
        JsonTree deepest = Parse(Nested(JsonTree.MaxDepth));
        Assert.Equal(Nested(JsonTree.MaxDepth), deepest.ToString());
        Assert.ThrowsAny<JsonException>(() => Parse(Nested(JsonTree.MaxDepth + 1)));
        Assert.Throws<KrmxException>(() => JsonTree.ArrayOf([deepest]));
        Assert.Throws<KrmxException>(() => JsonTree.ObjectOf([new("a", deepest)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => JsonTree.Parse("1"u8, JsonTree.MaxDepth + 1));
    }

    [Fact]
    public void LoneSurrogates_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => JsonTree.Of("a\ud83d"));
        Assert.Throws<ArgumentException>(() => JsonTree.Of("\ude00\ud83d"));
        Assert.Throws<ArgumentException>(() => JsonTree.ObjectOf([new("\ude00", JsonTree.Null)]));
        Assert.Equal("😀", JsonTree.Of("😀").Text);
    }

    [Fact]
    public void TypedValues_AreConvertedBothWays()
    {
        var typeInfo = (JsonTypeInfo<Card>)KrmxJson.Options.GetTypeInfo(typeof(Card));
        JsonTree tree = JsonTree.From(new Card("ace", 11), typeInfo);
        Assert.Equal(Parse("{'name':'ace','value':11}"), tree);
        Assert.Equal(new Card("ace", 11), tree.To(typeInfo));
        Assert.ThrowsAny<JsonException>(() => Parse("{'value':'x'}").To(typeInfo));
    }

    private sealed record Card(string Name, int Value);
}

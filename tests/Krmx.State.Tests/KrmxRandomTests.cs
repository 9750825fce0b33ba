using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Krmx.State.Tests;

public partial class KrmxRandomTests
{
    /// <summary>A sequence that must never change: games that were saved go on with it.</summary>
    [Fact]
    public void Sequence_IsFixed()
    {
        var random = new KrmxRandom("abc");
        Assert.Equal(0.843533635372296, random.Next(out random));
        Assert.Equal(9, random.Range(3, 9, out random));
        Assert.Equal([3, 1, 2], random.Shuffle([1, 2, 3], out random));
        Assert.Equal("UlYu0", random.NextText(5, out random));
    }

    [Fact]
    public void Source_DoesNotChange()
    {
        var random = new KrmxRandom("seed");
        Assert.Equal(random.Next(out KrmxRandom next), random.Next(out _));
        Assert.NotEqual(random, next);
        Assert.Equal(random, new KrmxRandom("seed"));
        Assert.NotEqual(random, new KrmxRandom("Seed"));
    }

    [Fact]
    public void Draws_AreEven()
    {
        var random = new KrmxRandom("even");
        int[] seen = new int[6];
        int heads = 0;
        for (int i = 0; i < 60_000; i++)
        {
            seen[random.Range(1, 6, out random) - 1]++;
            heads += random.NextBool(out random) ? 1 : 0;
        }
        Assert.All(seen, count => Assert.InRange(count, 9_500, 10_500));
        Assert.InRange(heads, 29_000, 31_000);
    }

    [Fact]
    public void Range_HasItsEnds()
    {
        var random = new KrmxRandom("ends");
        Assert.Equal(7, random.Range(7, 7, out random));
        Assert.Equal(int.MaxValue, random.Range(int.MaxValue, int.MaxValue, out random));
        for (int i = 0; i < 1000; i++)
            Assert.InRange(random.Range(int.MinValue, int.MinValue + 1, out random), int.MinValue, int.MinValue + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Range(2, 1, out _));
    }

    [Fact]
    public void Shuffle_KeepsTheItems()
    {
        ImmutableArray<int> deck = [.. Enumerable.Range(0, 52)];
        ImmutableArray<int> shuffled = new KrmxRandom("deck").Shuffle(deck, out KrmxRandom next);
        Assert.Equal(Enumerable.Range(0, 52), deck);
        Assert.Equal(deck, shuffled.Order());
        Assert.NotEqual(deck, shuffled);
        Assert.NotEqual(shuffled, next.Shuffle(deck, out _));
        Assert.Empty(next.Shuffle(Array.Empty<int>(), out KrmxRandom same));
        Assert.Equal(next, same);
    }

    [Fact]
    public void Pick_DrawsFromAll()
    {
        var random = new KrmxRandom("pick");
        var picked = new HashSet<string>();
        for (int i = 0; i < 200; i++)
            picked.Add(random.Pick(["rock", "paper", "scissors"], out random));
        Assert.Equal(3, picked.Count);
        Assert.Throws<ArgumentException>(() => random.Pick(Array.Empty<int>(), out _));
    }

    [Fact]
    public void Text_IsOfTheCharactersGiven()
    {
        string text = new KrmxRandom("text").NextText(100, out KrmxRandom next, "xy");
        Assert.Equal(100, text.Length);
        Assert.Equal("xy", string.Concat(text.Distinct().Order()));
        Assert.Throws<ArgumentException>(() => next.NextText(1, out _, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => next.NextText(-1, out _));
    }

    [Fact]
    public void State_IsPartOfAState()
    {
        var table = new Table("cards", new KrmxRandom("table"));
        string json = JsonSerializer.Serialize(table, TableContext.Default.Table);
        Assert.Matches("""^\{"Name":"cards","Random":\{"a":\d+,"b":\d+,"c":\d+,"d":\d+\}\}$""", json);
        Assert.Equal(table, JsonSerializer.Deserialize(json, TableContext.Default.Table));
    }

    [Theory]
    [InlineData("{\"a\":-1,\"b\":4294967295,\"c\":0,\"d\":-2147483648,\"e\":{}}", true)]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", false)]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3,\"d\":4294967296}", false)]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3,\"d\":1.5}", false)]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3,\"d\":\"4\"}", false)]
    [InlineData("[1,2,3,4]", false)]
    [InlineData("null", false)]
    public void State_IsReadWithOrWithoutSigns(string json, bool isState)
    {
        string Read() => JsonSerializer.Serialize(JsonSerializer.Deserialize<KrmxRandom>(json));
        if (isState)
            Assert.Equal("{\"a\":4294967295,\"b\":4294967295,\"c\":0,\"d\":2147483648}", Read());
        else
            Assert.Throws<JsonException>(Read);
    }

    internal sealed record Table(string Name, KrmxRandom Random);

    [JsonSerializable(typeof(Table))]
    internal sealed partial class TableContext : JsonSerializerContext;
}

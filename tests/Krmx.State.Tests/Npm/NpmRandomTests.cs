using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State.Tests.Npm;

/// <summary>The Random of @krmx/state 0.0.1 is the oracle.</summary>
[FullRunOnly]
public class NpmRandomTests
{
    private static readonly JsonTypeInfo<KrmxRandom> TypeInfo = (JsonTypeInfo<KrmxRandom>)KrmxJson.Options.GetTypeInfo(typeof(KrmxRandom));

    private readonly Random _choices = new(7);

    [Fact]
    public void Draws_GiveTheSequenceOfNpm()
    {
        using var oracle = new NodeOracle("peers-state/oracle.mjs");
        for (int round = 0; round < 300; round++)
        {
            string seed = round switch
            {
                0 => "",
                1 => "日本 😀",
                _ => $"seed {_choices.NextInt64()}",
            };
            var draws = new List<JsonTree>();
            var drawn = new List<JsonTree>();
            var random = new KrmxRandom(seed);
            for (int i = 0; i < 200; i++)
            {
                (JsonTree draw, JsonTree result) = Draw(ref random);
                draws.Add(draw);
                drawn.Add(result);
            }
            JsonTree answer = oracle.Ask(JsonTree.Of("draw"), JsonTree.Of(seed), JsonTree.ArrayOf(draws));
            Assert.Equal(Doubles(JsonTree.ArrayOf(drawn)), Doubles(answer["drawn"]!));
            Assert.Equal(random, answer["state"]!.To(TypeInfo));
        }
    }

    [Fact]
    public void SavedState_GoesOnAtNpm()
    {
        using var oracle = new NodeOracle("peers-state/oracle.mjs");
        var random = new KrmxRandom("saved");
        for (int i = 0; i < 50; i++)
            random.Next(out random);
        JsonTree answer = oracle.Ask(JsonTree.Of("resume"), JsonTree.Of("other"), JsonTree.From(random, TypeInfo), JsonTree.Of(20));
        foreach (JsonTree drawn in answer.Items)
            Assert.Equal(random.Next(out random), double.Parse(drawn.Text!, CultureInfo.InvariantCulture));
    }

    private (JsonTree Draw, JsonTree Result) Draw(ref KrmxRandom random)
    {
        switch (_choices.Next(5))
        {
            case 0:
                return (Call("next"), Trees.Parse(random.Next(out random).ToString("R", CultureInfo.InvariantCulture)));
            case 1:
                return (Call("bool"), JsonTree.Of(random.NextBool(out random)));
            case 2:
                (int min, int max) = _choices.Next(3) == 0 ? (int.MinValue, int.MaxValue) : (_choices.Next(-50, 0), _choices.Next(0, 1000));
                return (Call("rangeInt", JsonTree.Of(min), JsonTree.Of(max)), JsonTree.Of(random.Range(min, max, out random)));
            case 3:
                ImmutableArray<int> cards = [.. Enumerable.Range(0, _choices.Next(53))];
                return (Call("asShuffledArray", Array(cards)), Array(random.Shuffle(cards, out random)));
            default:
                int length = _choices.Next(8);
                return (Call("string", JsonTree.Of(length)), JsonTree.Of(random.NextText(length, out random)));
        }
    }

    private static JsonTree Call(string name, params JsonTree[] arguments) => JsonTree.ArrayOf([JsonTree.Of(name), .. arguments]);

    private static JsonTree Array(ImmutableArray<int> numbers) => JsonTree.ArrayOf(numbers.Select(number => JsonTree.Of(number)));

    /// <summary>The same numbers with one way of writing them: JavaScript and .NET differ in exponents.</summary>
    private static string Doubles(JsonTree drawn) => string.Join(' ', drawn.Items.Select(item => item.Kind == JsonValueKind.Number
        ? double.Parse(item.Text!, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)
        : item.ToString()));
}

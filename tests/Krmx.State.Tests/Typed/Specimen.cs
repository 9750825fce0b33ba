using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Krmx.State.Tests;

/// <summary>An object with one property for each way a view can be written.</summary>
internal sealed record Specimen(
    string? Text,
    int Whole,
    long Long,
    double Real,
    decimal Exact,
    bool Truth,
    Suit Suit,
    Guid Id,
    DateTimeOffset At,
    int? Maybe,
    Point Point,
    Point? MaybePoint,
    object? Anything,
    Shape? Shape,
    Specimen? Inner,
    KrmxRandom Random)
{
    public ImmutableArray<Leaf> Leaves { get; init; } = [];

    public IReadOnlyList<int> Numbers { get; init; } = [];

    public List<string?> Texts { get; init; } = [];

    public HashSet<int> Set { get; init; } = [];

    public IEnumerable<Leaf?> Lazy { get; init; } = [];

    public ImmutableDictionary<string, Leaf> ByName { get; init; } = ImmutableDictionary<string, Leaf>.Empty;

    public Dictionary<string, ImmutableArray<int>> Lists { get; init; } = [];

    public Dictionary<int, string> ByNumber { get; init; } = [];

    public IReadOnlyDictionary<string, int>? ReadOnly { get; init; }

    [JsonPropertyName("a name of its own")]
    public string Named { get; init; } = "";

    [JsonIgnore]
    public string Secret => $"secret {Text}";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WhenThere { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int WhenNotZero { get; init; }

    [JsonPropertyOrder(-1)]
    public int First { get; init; }

    public Ruled Ruled { get; init; } = new();

    public int Computed => Whole + 1;
}

/// <summary>Rules that have an object written as a whole; apart, so that they do not spoil the rest.</summary>
internal sealed record Ruled
{
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public int AsText { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Suit>))]
    public Suit SuitByName { get; init; }
}

internal sealed record Leaf(string Id, int Value);

internal enum Suit
{
    Clubs,
    Hearts,
}

internal readonly record struct Point(int X, int Y);

[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(Square), "square")]
internal abstract record Shape;

internal sealed record Circle(int Radius) : Shape;

internal sealed record Square(int Side) : Shape;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Specimen))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Leaf))]
internal sealed partial class SpecimenJson : JsonSerializerContext;

using System.Collections.Immutable;

namespace Krmx.State.Tests;

/// <summary>Makes specimens, and others that have much in common with them.</summary>
internal sealed class SpecimenGenerator(int seed)
{
    private readonly Random _random = new(seed);

    public Specimen New(int depth = 3) => new(
        Text(), Number(), _random.NextInt64(), Number() / 8.0, Number() / 10m, Chance(), (Suit)_random.Next(2), Guid.Empty,
        DateTimeOffset.UnixEpoch.AddDays(Number()), Chance() ? Number() : null, new Point(Number(), 2), Chance() ? new Point(1, Number()) : null,
        Anything(), Shape(), depth > 0 && Chance() ? New(depth - 1) : null, new KrmxRandom(Number().ToString(System.Globalization.CultureInfo.InvariantCulture)))
    {
        Leaves = [.. Leaves()],
        Numbers = [.. Enumerable.Range(0, _random.Next(4))],
        Texts = [Text(), Text()],
        Set = [Number(), Number()],
        Lazy = Leaves(),
        ByName = Leaves().DistinctBy(leaf => leaf.Id).ToImmutableDictionary(leaf => leaf.Id),
        Lists = new() { ["one"] = [Number()], ["two"] = [1, 2] },
        ByNumber = new() { [Number()] = "text" },
        ReadOnly = Chance() ? new Dictionary<string, int> { ["key"] = Number() } : null,
        Named = Text() ?? "",
        WhenThere = Text(),
        WhenNotZero = _random.Next(2),
        First = Number(),
        Ruled = new Ruled { AsText = Number(), SuitByName = (Suit)_random.Next(2) },
    };

    /// <summary>Changes a part or two, and shares the others.</summary>
    public Specimen Change(Specimen old) => _random.Next(14) switch
    {
        0 => old with { Text = Text() },
        1 => old with { Whole = Number() },
        2 => old with { Inner = old.Inner is null ? New(1) : Change(old.Inner) },
        3 => old with { Leaves = old.Leaves.Insert(_random.Next(old.Leaves.Length + 1), Leaf()) },
        4 when !old.Leaves.IsEmpty => old with { Leaves = old.Leaves.RemoveAt(_random.Next(old.Leaves.Length)) },
        5 when !old.Leaves.IsEmpty => old with { Leaves = old.Leaves.SetItem(_random.Next(old.Leaves.Length), Leaf()) },
        6 => old with { ByName = old.ByName.SetItem(Number().ToString(System.Globalization.CultureInfo.InvariantCulture), Leaf()) },
        7 => old with { ByName = old.ByName.Clear() },
        8 => old with { Shape = Shape(), WhenThere = Text() },
        9 => old with { Lazy = Leaves(), WhenNotZero = _random.Next(2) },
        10 => old with { Leaves = [.. old.Leaves.Reverse()] },
        12 => old with { Ruled = new Ruled { AsText = Number() } },
        11 => old with { Anything = Anything(), MaybePoint = Chance() ? null : new Point(3, 3) },
        _ => New(),
    };

    private bool Chance() => _random.Next(2) == 0;

    private int Number() => _random.Next(6);

    private string? Text() => Chance() ? $"text {Number()} \"ü\" 🂡" : null;

    private Leaf Leaf() => new($"leaf{Number()}", Number());

    private Leaf[] Leaves() => [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Leaf())];

    private Shape? Shape() => _random.Next(3) switch
    {
        0 => new Circle(Number()),
        1 => new Square(Number()),
        _ => null,
    };

    private object? Anything() => _random.Next(4) switch
    {
        0 => Number(),
        1 => "text",
        2 => Leaf(),
        _ => null,
    };
}

using System.Collections.Immutable;
using System.Globalization;

namespace Krmx.State.Tests.Npm;

/// <summary>A state with all that views are made of: nested records, arrays, dictionaries, what is shared and what is made anew.</summary>
internal sealed record World(
    ImmutableArray<Thing> Things, ImmutableDictionary<string, Place> Places, ImmutableArray<string> Words, Thing? Wonder, long Turn)
{
    private static readonly string[] Names =
        ["a", "b", "_t", "_0", "0", "constructor", "é", "名前", "a b", "", "\"\\", "😀", "x/y", "length"];

    public static World Empty { get; } = new([], ImmutableDictionary.Create<string, Place>(StringComparer.Ordinal), [], null, 0);

    /// <summary>A few random changes further.</summary>
    public World Next(Random random)
    {
        World next = this with { Turn = random.Next(3) == 0 ? Turn + random.Next(1000) : Turn };
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            next = next.Changed(random);
        return next;
    }

    /// <summary>What a user sees; users differ in what they see, and in whether it is shared with the state or made anew.</summary>
    public WorldView View(string user)
    {
        int seat = user[^1] - '0';
        return new WorldView(
            seat % 3 == 0 ? Things : [.. Things.Where(thing => thing.Id.Length % 4 != seat % 4)],
            seat % 2 == 0 ? Places : Places.Where(place => place.Value.Owner != seat).ToImmutableDictionary(StringComparer.Ordinal),
            seat % 4 == 1 ? [.. Words.Reverse()] : Words,
            seat % 2 == 1 && Wonder is not null ? Wonder with { Price = null } : Wonder,
            [.. Things.Select(thing => new Sight(thing.Name, thing.Id.Length % 5 == seat))],
            Turn / 10.0);
    }

    private World Changed(Random random)
    {
        switch (random.Next(11))
        {
            case 0 or 1 when Things.Length < 14:
                return this with { Things = Things.Insert(random.Next(Things.Length + 1), Thing.Any(random, 2)) };
            case 2 when Things.Length > 0:
                return this with { Things = Things.RemoveAt(random.Next(Things.Length)) };
            case 3 when Things.Length > 1:
                int at = random.Next(Things.Length);
                return this with { Things = Things.RemoveAt(at).Insert(random.Next(Things.Length), Things[at]) };
            case 4 or 5 when Things.Length > 0:
                Thing thing = Things[random.Next(Things.Length)];
                return this with { Things = Things.Replace(thing, thing.Changed(random)) };
            case 6 or 7:
                return this with { Places = Places.SetItem(Pick(random, Names), Place.Any(random)) };
            case 8 when !Places.IsEmpty:
                return this with { Places = Places.Remove(Places.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(Places.Count))) };
            case 9:
                return this with { Words = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Pick(random, Names))] };
            default:
                return this with { Wonder = random.Next(3) == 0 ? null : Thing.Any(random, 3) };
        }
    }

    internal static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    internal static string Text(Random random) => random.Next(6) == 0
        ? string.Concat(Enumerable.Range(0, random.Next(10, 60)).Select(_ => Pick(random, Names)))
        : string.Create(CultureInfo.InvariantCulture, $"{Pick(random, Names)}{random.Next(30)}");
}

internal sealed record WorldView(
    ImmutableArray<Thing> Things,
    IReadOnlyDictionary<string, Place> Places,
    IReadOnlyList<string> Words,
    Thing? Wonder,
    IReadOnlyList<Sight> Sights,
    double Time);

internal sealed record Thing(string Id, string Name, int? Price, bool IsOld, ImmutableArray<int> Marks, Thing? Inside)
{
    public static Thing Any(Random random, int depth) => new(
        World.Text(random),
        World.Text(random),
        random.Next(3) == 0 ? null : random.Next(-5, 100),
        random.Next(2) == 0,
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4))],
        depth > 0 && random.Next(2) == 0 ? Any(random, depth - 1) : null);

    public Thing Changed(Random random) => random.Next(6) switch
    {
        0 => this with { Name = World.Text(random) },
        1 => this with { Price = random.Next(2) == 0 ? null : random.Next(100) },
        2 => this with { IsOld = !IsOld },
        3 => this with { Marks = [.. Marks.Add(random.Next(4)).Where(_ => random.Next(5) > 0)] },
        4 => this with { Inside = Inside?.Changed(random) ?? Any(random, 0) },
        _ => this with { Id = World.Text(random) },
    };
}

internal readonly record struct Place(int X, double Y, int Owner)
{
    public static Place Any(Random random) => new(random.Next(3), random.Next(100) / 8.0, random.Next(8));
}

internal sealed record Sight(string What, bool IsMine);

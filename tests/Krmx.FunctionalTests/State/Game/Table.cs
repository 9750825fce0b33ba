using System.Collections.Immutable;
using System.Globalization;
using Krmx.State;

namespace Krmx.FunctionalTests.State.Game;

/// <summary>The game's projection, the same as in tests/peers-state/game.mjs: a deck that nobody sees, and hands that only their owners see.</summary>
internal sealed record Table(
    ImmutableArray<Card> Deck,
    ImmutableSortedDictionary<string, ImmutableArray<Card>> Hands,
    ImmutableArray<Card> Pile,
    ImmutableDictionary<string, string> Notes)
{
    public const string Domain = "table";
    public const int CardCount = 30;

    private const int VisibleCount = 6;

    public static readonly ProjectionModel<Table, TableView> Model = new(
        new Table(
            [.. Enumerable.Range(0, CardCount).Select(static index => Card.Of((index * 7 % CardCount) + 1))],
            ImmutableSortedDictionary.Create<string, ImmutableArray<Card>>(StringComparer.Ordinal),
            [],
            ImmutableDictionary.Create<string, string>(StringComparer.Ordinal)),
        static (table, user) => new TableView(
            table.Deck.Length,
            [.. table.Hands.Select(static hand => new Player(hand.Key, hand.Value.Length))],
            table.HandOf(user),
            Top(table.Pile),
            table.Notes.GetValueOrDefault(user, "")));

    public static readonly Func<KrmxAction> Draw = Model.When("draw", static (table, user) => table.Deck.IsEmpty
        ? throw new KrmxRefusedException("the deck is empty")
        : table with
        {
            Deck = table.Deck[..^1],
            Hands = table.Hands.SetItem(user, [.. table.HandOf(user).Add(table.Deck[^1]).OrderBy(static card => card.Value)]),
        });

    public static readonly Func<Play, KrmxAction> Play = Model.When<Play>(
        "play",
        static play => play.Card.Length > 20 ? "no card is called that" : null,
        static (table, user, play) => play.In(table.HandOf(user)) is Card card
            ? table with { Hands = table.Hands.SetItem(user, table.HandOf(user).Remove(card)), Pile = table.Pile.Add(card) }
            : throw new KrmxRefusedException("you do not have that card"),
        static (view, _, play) => play.In(view.Hand) is Card card
            ? view with { Hand = view.Hand.Remove(card), Pile = Top(view.Pile.Add(card)) }
            : view);

    /// <summary>Changes nothing where the pile is empty.</summary>
    public static readonly Func<KrmxAction> Recycle = Model.When("recycle", static (table, _) =>
        table with { Deck = [.. table.Pile.Reverse(), .. table.Deck], Pile = [] });

    /// <summary>Changes the view of one user only.</summary>
    public static readonly Func<Note, KrmxAction> Note = Model.When<Note>(
        "note",
        static (table, user, note) => table with { Notes = table.Notes.SetItem(user, note.Text) },
        static (view, _, note) => view with { Note = note.Text });

    /// <summary>Shows at once, and is always refused.</summary>
    public static readonly Func<KrmxAction> Cheat = Model.When(
        "cheat", static (_, _) => throw new KrmxRefusedException("nobody cheats here"), static (view, _) => view with { Note = "cheated" });

    private ImmutableArray<Card> HandOf(string user) => Hands.GetValueOrDefault(user, []);

    private static ImmutableArray<Card> Top(ImmutableArray<Card> pile) => pile[Math.Max(0, pile.Length - VisibleCount)..];
}

internal sealed record TableView(
    int DeckSize, ImmutableArray<Player> Players, ImmutableArray<Card> Hand, ImmutableArray<Card> Pile, string Note);

internal sealed record Player(string Name, int Cards);

internal sealed record Card(string Id, int Value)
{
    public static Card Of(int value) => new(string.Create(CultureInfo.InvariantCulture, $"card-{value:00}"), value);
}

internal sealed record Play(string Card)
{
    public Card? In(ImmutableArray<Card> cards) => cards.FirstOrDefault(card => card.Id == Card);
}

internal sealed record Note(string Text);

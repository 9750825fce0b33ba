using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Krmx.State.Tests;

/// <summary>A card table as tests need it: a deck that nobody sees, hands that their owners see, a pile for all.</summary>
internal sealed record Table(ImmutableArray<Card> Deck, ImmutableDictionary<string, ImmutableArray<Card>> Hands, ImmutableArray<Card> Pile)
{
    public static Table Of(int cards) => new(
        [.. Enumerable.Range(1, cards).Select(number => new Card($"card-{number}", number))],
        ImmutableDictionary.Create<string, ImmutableArray<Card>>(StringComparer.Ordinal),
        []);

    public ImmutableArray<Card> HandOf(string user) => Hands.GetValueOrDefault(user, []);
}

internal sealed record Card(string Id, int Value);

internal sealed record Player(string Name, int Cards);

internal sealed record TableView(int DeckSize, ImmutableArray<Player> Players, ImmutableArray<Card> Hand, ImmutableArray<Card> Pile);

internal sealed record Play(string Card);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TableView))]
[JsonSerializable(typeof(Play))]
internal sealed partial class TableJson : JsonSerializerContext;

/// <summary>The actions of the table; a new model for each test, as a model that is in use takes no more.</summary>
internal sealed class TableModel
{
    public TableModel(int cards = 10)
    {
        Model = new ProjectionModel<Table, TableView>(Table.Of(cards), View, TableJson.Default.Options);
        Draw = Model.When("draw", static (table, user) => table.Deck.IsEmpty
            ? throw new KrmxRefusedException("the deck is empty")
            : table with { Deck = table.Deck[..^1], Hands = table.Hands.SetItem(user, table.HandOf(user).Add(table.Deck[^1])) });
        Play = Model.When<Play>(
            "play",
            static play => play.Card.Length > 20 ? "no card is called that" : null,
            static (table, user, play) => table.HandOf(user).FirstOrDefault(card => card.Id == play.Card) is Card card
                ? table with { Hands = table.Hands.SetItem(user, table.HandOf(user).Remove(card)), Pile = table.Pile.Add(card) }
                : throw new KrmxRefusedException("you do not have that card"),
            static (view, user, play) => view.Hand.FirstOrDefault(card => card.Id == play.Card) is Card card
                ? view with { Hand = view.Hand.Remove(card), Pile = view.Pile.Add(card) }
                : view);
        Break = Model.When("break", static (_, _) => throw new InvalidOperationException("a secret"));
        Nothing = Model.When("nothing", static (table, _) => table);
    }

    public ProjectionModel<Table, TableView> Model { get; }

    public Func<KrmxAction> Draw { get; }

    public Func<Play, KrmxAction> Play { get; }

    public Func<KrmxAction> Break { get; }

    public Func<KrmxAction> Nothing { get; }

    private static TableView View(Table table, string user) => new(
        table.Deck.Length,
        [.. table.Hands.OrderBy(hand => hand.Key, StringComparer.Ordinal).Select(hand => new Player(hand.Key, hand.Value.Length))],
        table.HandOf(user),
        table.Pile);
}

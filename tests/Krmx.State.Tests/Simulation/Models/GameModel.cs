using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Krmx.State.Tests.Simulation;

internal sealed record SimCard(string Id, int Value);

internal sealed record Game(
    ImmutableArray<SimCard> Deck,
    ImmutableDictionary<string, ImmutableArray<SimCard>> Hands,
    ImmutableArray<SimCard> Pile,
    int Round,
    string? Poisoned)
{
    public ImmutableArray<SimCard> HandOf(string user) => Hands.GetValueOrDefault(user, []);
}

internal sealed record Seat(string Name, int Cards);

internal sealed record GameView(
    int Deck,
    ImmutableArray<Seat> Seats,
    ImmutableArray<SimCard> Hand,
    ImmutableArray<SimCard> Pile,
    Round Round);

/// <summary>A number that cannot always be read.</summary>
[JsonConverter(typeof(RoundConverter))]
internal readonly record struct Round(int Number);

/// <summary>Reads some rounds, and throws at others.</summary>
internal sealed class RoundConverter : JsonConverter<Round>
{
    public override Round Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        GameModel.IsReadable(reader.GetInt32())
            ? new Round(reader.GetInt32())
            : throw new InvalidOperationException(GameModel.Planted + ": a view that cannot be read");

    public override void Write(Utf8JsonWriter writer, Round value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Number);
}

internal sealed record Choice(string Card);

internal sealed record Gift(string Card, string To);

internal sealed record Victim(string User);

/// <summary>The projection of the simulation: hidden cards, actions that are refused or fail, and views that cannot be made or read.</summary>
internal static class GameModel
{
    public const int Cards = 10;
    public const string Planted = "planted";

    public static readonly ProjectionModel<Game, GameView> Model = new(Deal(), View);

    public static readonly Func<KrmxAction> Draw = Model.When("draw", static (game, user) => game.Deck.IsEmpty
        ? throw new KrmxRefusedException("the deck is empty")
        : game with { Deck = game.Deck[..^1], Hands = game.Hands.SetItem(user, game.HandOf(user).Add(game.Deck[^1])) });

    public static readonly Func<Choice, KrmxAction> Play = Model.When<Choice>(
        "play",
        Validate,
        static (game, user, choice) => Find(game.HandOf(user), choice.Card) is SimCard card
            ? game with { Hands = game.Hands.SetItem(user, game.HandOf(user).Remove(card)), Pile = game.Pile.Add(card) }
            : throw new KrmxRefusedException("not your card"),
        static (view, _, choice) => Find(view.Hand, choice.Card) is SimCard card
            ? view with { Hand = view.Hand.Remove(card), Pile = view.Pile.Add(card) }
            : throw new KrmxRefusedException("not your card"));

    public static readonly Func<Gift, KrmxAction> Give = Model.When<Gift>(
        "give",
        static (game, user, gift) =>
        {
            SimCard card = Find(game.HandOf(user), gift.Card) ?? throw new KrmxRefusedException("not your card");
            game = game with { Hands = game.Hands.SetItem(user, game.HandOf(user).Remove(card)) };
            return game with { Hands = game.Hands.SetItem(gift.To, game.HandOf(gift.To).Insert(0, card)) };
        },
        static (view, _, gift) => view with { Hand = view.Hand.RemoveAll(card => card.Id == gift.Card) });

    public static readonly Func<Choice, KrmxAction> Paint = Model.When<Choice>("paint", Validate, static (game, _, choice) =>
        Find(game.Pile, choice.Card) is SimCard card
            ? game with { Pile = game.Pile.Replace(card, card with { Value = card.Value + 100 }) }
            : throw new KrmxRefusedException("not on the pile"));

    public static readonly Func<KrmxAction> Collect = Model.When("collect", static (game, _) =>
        game with { Deck = [.. game.Pile.Reverse(), .. game.Deck], Pile = [] });

    public static readonly Func<KrmxAction> Cut = Model.When("cut", static (game, _) =>
        game.Deck.IsEmpty ? game : game with { Deck = [.. game.Deck[1..], game.Deck[0]] });

    public static readonly Func<KrmxAction> Raise = Model.When(
        "raise", static (game, _) => game with { Round = game.Round + 1 }, static (view, _) => view with { Round = new Round(view.Round.Number + 1) });

    public static readonly Func<KrmxAction> Trip = Model.When(
        "trip",
        static (game, _) => game with { Round = game.Round + 1 },
        static (_, _) => throw new InvalidOperationException(Planted + ": an optimistic handler that throws"));

    public static readonly Func<KrmxAction> Nothing = Model.When("nothing", static (game, _) => game);

    public static readonly Func<KrmxAction> Break = Model.When(
        "break", static (_, _) => throw new InvalidOperationException(Planted + ": a handler that throws"));

    public static readonly Func<Victim, KrmxAction> Poison = Model.When<Victim>(
        "poison", static (game, _, victim) => game with { Poisoned = victim.User, Round = game.Round + 1 });

    public static Game Deal() => new(
        [.. Enumerable.Range(1, Cards).Select(number => new SimCard(CardId(number), number))],
        ImmutableDictionary.Create<string, ImmutableArray<SimCard>>(StringComparer.Ordinal),
        [],
        0,
        null);

    public static string CardId(int number) => $"card{number:00}";

    /// <summary>Whether clients can read a view of that round.</summary>
    public static bool IsReadable(int round) => round % 8 != 5;

    private static string? Validate(Choice choice) => choice.Card.Length > 20 ? "no card is called that" : null;

    private static SimCard? Find(ImmutableArray<SimCard> cards, string id) => cards.FirstOrDefault(card => card.Id == id);

    private static GameView View(Game game, string user) => user == game.Poisoned
        ? throw new InvalidOperationException(Planted + ": a view that throws")
        : new GameView(
            game.Deck.Length,
            [.. game.Hands.OrderBy(hand => hand.Key, StringComparer.Ordinal).Select(hand => new Seat(hand.Key, hand.Value.Length))],
            game.HandOf(user),
            game.Pile,
            new Round(game.Round));
}

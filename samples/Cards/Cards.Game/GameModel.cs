using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Krmx;
using Krmx.State;

namespace Cards;

/// <summary>What players may do, and what each of them sees: shared by the server and the page.</summary>
public static class GameModel
{
    public static readonly ProjectionModel<Game, GameView> Model = new(Game.New("an empty table"), View, KrmxJson.With(GameJson.Default));

    /// <summary>Begins a round.</summary>
    public static readonly Func<KrmxAction> Deal = Model.When("deal", static (game, user) =>
    {
        Demand(game.Find(user) is not null, "you have no seat");
        Demand(game.Turn is null, "a round is being played");
        Demand(game.Players.Length > 1, "you need somebody to play with");
        return game.Deal();
    });

    /// <summary>Plays a card that has the suit or the rank of the one on top.</summary>
    public static readonly Func<string, KrmxAction> Play = Model.When<string>(
        "play",
        static (game, user, id) =>
        {
            DemandTurn(game, user);
            Card? card = game.Find(user)!.Hand.FirstOrDefault(card => card.Id == id);
            Demand(card is not null, "you do not have that card");
            Demand(card!.Fits(game.Pile[^1]), $"that does not fit the {game.Pile[^1].Id}");
            return game.Play(card);
        },
        static (view, user, id) => view.Turn == user && view.Hand.FirstOrDefault(card => card.Id == id) is Card card && card.Fits(view.Top!)
            ? view with { Hand = view.Hand.Remove(card), Top = card, Turn = null }
            : view);

    /// <summary>Draws a card, once a turn.</summary>
    public static readonly Func<KrmxAction> Draw = Model.When("draw", static (game, user) =>
    {
        DemandTurn(game, user);
        Demand(!game.HasDrawn, "you have drawn already: play or pass");
        return game.Draw();
    });

    /// <summary>Ends a turn without playing.</summary>
    public static readonly Func<KrmxAction> Pass = Model.When("pass", static (game, user) =>
    {
        DemandTurn(game, user);
        Demand(game.HasDrawn, "draw a card before you pass");
        return game.NextTurn();
    });

    /// <summary>Ends the turn of somebody who is away.</summary>
    public static readonly Func<KrmxAction> Skip = Model.When("skip", static (game, user) =>
    {
        Demand(game.Find(user) is not null, "you have no seat");
        Demand(game.Turn is not null && game.Find(game.Turn)!.IsAway, "nobody keeps you waiting");
        return game.NextTurn();
    });

    private static GameView View(Game game, string user) => new(
        [.. game.Players.Select(player => new Seat(player.Name, player.Hand.Length, player.IsAway, player.Wins))],
        game.Find(user)?.Hand ?? [],
        game.Pile.IsEmpty ? null : game.Pile[^1],
        game.Deck.Length,
        game.Turn is not null,
        game.Turn,
        game.HasDrawn,
        game.Winner);

    private static void DemandTurn(Game game, string user) => Demand(game.Turn == user, "it is not your turn");

    private static void Demand(bool holds, string reason)
    {
        if (!holds)
            throw new KrmxRefusedException(reason);
    }
}

/// <summary>What a player sees: of the others, only how many cards they have.</summary>
public sealed record GameView(
    ImmutableArray<Seat> Seats, ImmutableArray<Card> Hand, Card? Top, int DeckSize, bool IsPlaying, string? Turn, bool HasDrawn, string? Winner);

public sealed record Seat(string Id, int Cards, bool IsAway, int Wins);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GameView))]
[JsonSerializable(typeof(string))]
internal sealed partial class GameJson : JsonSerializerContext;

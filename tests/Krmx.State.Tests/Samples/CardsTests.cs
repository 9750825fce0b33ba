using Krmx;
using Krmx.State;
using Krmx.Testing;

namespace Cards.Tests;

/// <summary>The rules of the card sample, and that nobody sees the cards of others.</summary>
public sealed class CardsTests
{
    private static readonly string[] Names = ["ann", "bob", "cat"];

    [Fact]
    public void Deal_GivesEachPlayerAHandAndLosesNoCard()
    {
        Game game = Table().Deal();
        Assert.All(game.Players, static player => Assert.Equal(Game.HandSize, player.Hand.Length));
        Assert.Equal("ann", game.Turn);
        AssertAllCardsAreThere(game);
        Assert.NotEqual(game.Deck, game.Deal().Deck);
    }

    [Fact]
    public void Play_TakesACardThatFitsAndRefusesOthers()
    {
        Game game = With(Table().Deal(), "ann", "Seven of Clubs", "Ace of Spades") with { Pile = [Find("Seven of Hearts")] };
        Assert.Equal("it is not your turn", Refusal(game, "bob", GameModel.Play("Seven of Clubs")));
        Assert.Equal("you do not have that card", Refusal(game, "ann", GameModel.Play("Ten of Clubs")));
        Assert.Equal("that does not fit the Seven of Hearts", Refusal(game, "ann", GameModel.Play("Ace of Spades")));
        Game next = GameModel.Model.Apply(game, "ann", GameModel.Play("Seven of Clubs"));
        Assert.Equal(("bob", "Seven of Clubs"), (next.Turn, next.Pile[^1].Id));
    }

    [Fact]
    public void LastCard_WinsTheRound()
    {
        Game game = With(Table().Deal(), "ann", "Seven of Clubs") with { Pile = [Find("Seven of Hearts")] };
        Game won = GameModel.Model.Apply(game, "ann", GameModel.Play("Seven of Clubs"));
        Assert.Equal(("ann", null, 1), (won.Winner, won.Turn, won.Find("ann")!.Wins));
        Assert.Equal("ann", GameModel.Model.Apply(won, "bob", GameModel.Deal()).Turn);
    }

    [Fact]
    public void Turn_IsDrawThenPassAndWhoIsAwayIsSkipped()
    {
        Game game = Table().Deal();
        Assert.Equal("draw a card before you pass", Refusal(game, "ann", GameModel.Pass()));
        game = GameModel.Model.Apply(game, "ann", GameModel.Draw());
        Assert.Equal(Game.HandSize + 1, game.Find("ann")!.Hand.Length);
        Assert.Equal("you have drawn already: play or pass", Refusal(game, "ann", GameModel.Draw()));
        game = GameModel.Model.Apply(game, "ann", GameModel.Pass());
        Assert.Equal(("bob", false), (game.Turn, game.HasDrawn));
        Assert.Equal("nobody keeps you waiting", Refusal(game, "ann", GameModel.Skip()));
        Assert.Equal("cat", GameModel.Model.Apply(game.SetAway("bob", isAway: true), "ann", GameModel.Skip()).Turn);
    }

    [Fact]
    public void Seats_ComeAndGoWithoutLosingACard()
    {
        Game game = Table().Deal().Seat("dan");
        Assert.Equal(Game.HandSize, game.Find("dan")!.Hand.Length);
        game = game.Unseat("ann");
        Assert.Equal("bob", game.Turn);
        AssertAllCardsAreThere(game);
        Assert.Null(game.Unseat("bob").Unseat("cat").Turn);
    }

    [Theory, FullRunOnly]
    [InlineData(1)]
    [InlineData(2)]
    public void NobodySeesACardOfOthers(int seed) => ProjectionCheck.Run(
        GameModel.Model,
        Names,
        static (game, random) => (Names[random.Next(Names.Length)], Move(game, random)),
        static (game, user) => game.Deck.Concat(game.Players.Where(player => player.Name != user).SelectMany(player => player.Hand)).Select(card => card.Id),
        steps: 1500,
        seed: seed,
        options: new() { Initial = () => Table($"seed {seed}") });

    private static KrmxAction Move(Game game, Random random)
    {
        if (game.Turn is null)
            return GameModel.Deal();
        var hand = game.Find(game.Turn)!.Hand;
        return random.Next(5) switch
        {
            0 => GameModel.Draw(),
            1 => GameModel.Pass(),
            2 => GameModel.Skip(),
            _ => GameModel.Play(hand[random.Next(hand.Length)].Id),
        };
    }

    private static Game Table(string seed = "seed") => Names.Aggregate(Game.New(seed), static (game, name) => game.Seat(name).SetAway(name, isAway: false));

    private static Game With(Game game, string name, params string[] hand)
    {
        Player player = game.Find(name)!;
        return game with { Players = game.Players.Replace(player, player with { Hand = [.. hand.Select(Find)] }) };
    }

    private static Card Find(string id) => Card.Deck.Single(card => card.Id == id);

    private static string Refusal(Game game, string user, KrmxAction action) =>
        Assert.Throws<KrmxRefusedException>(() => GameModel.Model.Apply(game, user, action)).Message;

    private static void AssertAllCardsAreThere(Game game) => Assert.Equal(
        Card.Deck.Select(static card => card.Id).Order(),
        game.Deck.Concat(game.Pile).Concat(game.Players.SelectMany(static player => player.Hand)).Select(static card => card.Id).Order());
}

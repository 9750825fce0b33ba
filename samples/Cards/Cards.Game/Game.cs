using System.Collections.Immutable;
using Krmx.State;

namespace Cards;

/// <summary>All there is at a table; only the server has it.</summary>
/// <param name="Players">Who sits here, in the order of turns.</param>
/// <param name="Deck">The cards to draw, the next one last.</param>
/// <param name="Pile">The cards that were played, the last one on top.</param>
/// <param name="Turn">Whose turn it is; null while nobody plays.</param>
/// <param name="HasDrawn">Whether that player has drawn a card, and so may pass.</param>
/// <param name="Winner">Who won the last round.</param>
/// <param name="Random">What the cards are shuffled with. Whoever sees it knows the deck.</param>
public sealed record Game(
    ImmutableArray<Player> Players,
    ImmutableArray<Card> Deck,
    ImmutableArray<Card> Pile,
    string? Turn,
    bool HasDrawn,
    string? Winner,
    KrmxRandom Random)
{
    public const int HandSize = 5;
    public const int MaxPlayers = 5;

    /// <summary>An empty table.</summary>
    /// <param name="seed">Decides every card, so it must be a secret that nobody can guess.</param>
    public static Game New(string seed) => new([], [], [], null, false, null, new KrmxRandom(seed));

    public Player? Find(string name) => Players.FirstOrDefault(player => player.Name == name);

    /// <summary>Gives somebody a seat; during a round also a hand.</summary>
    public Game Seat(string name)
    {
        Game game = this with { Players = Players.Add(new Player(name, [], IsAway: true, Wins: 0)) };
        for (int i = 0; Turn is not null && i < HandSize; i++)
            game = game.DrawFor(name);
        return game;
    }

    /// <summary>Takes a seat away; the hand goes under the deck.</summary>
    public Game Unseat(string name)
    {
        if (Find(name) is not Player leaver)
            return this;
        Game game = Turn == name ? NextTurn() : this;
        game = game with { Players = game.Players.Remove(leaver), Deck = game.Deck.InsertRange(0, leaver.Hand) };
        return game.Players.Length < 2 ? game with { Turn = null } : game;
    }

    /// <summary>Notes whether somebody is there; the seat and the hand stay.</summary>
    public Game SetAway(string name, bool isAway) => With(name, player => player with { IsAway = isAway });

    /// <summary>Shuffles and begins a round.</summary>
    public Game Deal()
    {
        ImmutableArray<Card> deck = Random.Shuffle(Card.Deck, out KrmxRandom random);
        Game game = this with
        {
            Players = [.. Players.Select(player => player with { Hand = [] })],
            Deck = deck[..^1],
            Pile = [deck[^1]],
            Winner = null,
            Random = random,
        };
        for (int i = 0; i < HandSize; i++)
        {
            foreach (Player player in Players)
                game = game.DrawFor(player.Name);
        }
        int first = Winner is null ? 0 : Math.Max(0, Players.IndexOf(Find(Winner)!));
        return game with { Turn = Players[first].Name, HasDrawn = false };
    }

    public Game Draw() => DrawFor(Turn!) with { HasDrawn = true };

    public Game Play(Card card)
    {
        Game game = With(Turn!, player => player with { Hand = player.Hand.Remove(card) }) with { Pile = Pile.Add(card) };
        return game.Find(Turn!)!.Hand.IsEmpty
            ? game.With(Turn!, player => player with { Wins = player.Wins + 1 }) with { Turn = null, Winner = Turn }
            : game.NextTurn();
    }

    public Game NextTurn()
    {
        int next = (Players.IndexOf(Find(Turn!)!) + 1) % Players.Length;
        return this with { Turn = Players[next].Name, HasDrawn = false };
    }

    private Game DrawFor(string name)
    {
        Game game = Deck.IsEmpty ? Reshuffle() : this;
        return game.Deck.IsEmpty
            ? game // every card is in somebody's hand
            : game.With(name, player => player with { Hand = player.Hand.Add(game.Deck[^1]) }) with { Deck = game.Deck[..^1] };
    }

    /// <summary>Makes a new deck of all that was played but the card on top.</summary>
    private Game Reshuffle() => this with
    {
        Deck = Random.Shuffle(Pile[..^1], out KrmxRandom random),
        Pile = Pile[^1..],
        Random = random,
    };

    private Game With(string name, Func<Player, Player> change) =>
        Find(name) is Player player ? this with { Players = Players.Replace(player, change(player)) } : this;
}

/// <summary>Somebody at the table, there or away.</summary>
public sealed record Player(string Name, ImmutableArray<Card> Hand, bool IsAway, int Wins);

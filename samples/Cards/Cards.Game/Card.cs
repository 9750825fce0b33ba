namespace Cards;

/// <summary>A card. Its id says what it is, so whoever must not see the card must not see the id.</summary>
public sealed record Card(string Id, Suit Suit, Rank Rank)
{
    public static IEnumerable<Card> Deck =>
        from suit in Enum.GetValues<Suit>()
        from rank in Enum.GetValues<Rank>()
        select new Card($"{rank} of {suit}", suit, rank);

    /// <summary>Whether the card may be played on another one.</summary>
    public bool Fits(Card top) => Suit == top.Suit || Rank == top.Rank;
}

public enum Suit
{
    Clubs,
    Diamonds,
    Hearts,
    Spades,
}

public enum Rank
{
    Seven = 7,
    Eight,
    Nine,
    Ten,
    Jack,
    Queen,
    King,
    Ace,
}

using System.Text;
using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>The game again, written without regard to the other one: plain lists that change.</summary>
internal sealed class NaiveGame
{
    public List<NaiveCard> Deck { get; private set; } =
        [.. Enumerable.Range(1, GameModel.Cards).Select(number => new NaiveCard(GameModel.CardId(number), number))];

    public SortedDictionary<string, List<NaiveCard>> Hands { get; private set; } = new(StringComparer.Ordinal);

    public List<NaiveCard> Pile { get; private set; } = [];

    public int Round { get; set; }

    public string? Poisoned { get; set; }

    public NaiveGame Copy() => new()
    {
        Deck = [.. Deck],
        Hands = new(Hands.ToDictionary(hand => hand.Key, hand => hand.Value.ToList()), StringComparer.Ordinal),
        Pile = [.. Pile],
        Round = Round,
        Poisoned = Poisoned,
    };

    /// <summary>Does an action to the game.</summary>
    /// <returns>Why it is refused, or null.</returns>
    public string? Do(string user, string type, JsonElement? payload)
    {
        switch (type)
        {
            case "draw" or "collect" or "cut" or "raise" or "trip" or "nothing" or "break":
                return payload is { ValueKind: not JsonValueKind.Null } ? "the action takes no payload" : DoPlain(user, type);
            case "play" or "give" or "paint" or "poison":
                return payload switch
                {
                    null => "the action needs a payload",
                    { ValueKind: JsonValueKind.Null } => "the payload is null",
                    { ValueKind: JsonValueKind.Object } given => DoWith(user, type, given),
                    _ => "the payload is of another type",
                };
            default:
                return "there is no such type of action";
        }
    }

    public IEnumerable<string> HiddenFrom(string user) =>
        Deck.Concat(Hands.Where(hand => hand.Key != user).SelectMany(hand => hand.Value)).Select(card => card.Id);

    public NaiveView ViewOf(string user) => new(
        Deck.Count,
        [.. Hands.Select(hand => (hand.Key, hand.Value.Count))],
        [.. Hands.GetValueOrDefault(user, [])],
        [.. Pile],
        Round);

    private string? DoPlain(string user, string type)
    {
        switch (type)
        {
            case "draw" when Deck.Count == 0:
                return "the deck is empty";
            case "draw":
                HandOf(user).Add(Deck[^1]);
                Deck.RemoveAt(Deck.Count - 1);
                return null;
            case "collect":
                foreach (NaiveCard card in Pile)
                    Deck.Insert(0, card);
                Pile.Clear();
                return null;
            case "cut" when Deck.Count > 0:
                Deck.Add(Deck[0]);
                Deck.RemoveAt(0);
                return null;
            case "raise" or "trip":
                Round++;
                return null;
            case "break":
                return "the action failed";
            default:
                return null;
        }
    }

    private string? DoWith(string user, string type, JsonElement payload)
    {
        if (type == "poison")
        {
            Poisoned = payload.GetProperty("user").GetString();
            Round++;
            return null;
        }
        string id = payload.GetProperty("card").GetString()!;
        if (type != "give" && id.Length > 20)
            return "no card is called that";
        List<NaiveCard> from = type == "paint" ? Pile : Hands.GetValueOrDefault(user, []);
        int at = from.FindIndex(card => card.Id == id);
        if (at < 0)
            return type == "paint" ? "not on the pile" : "not your card";
        NaiveCard found = from[at];
        if (type == "paint")
        {
            from[at] = found with { Value = found.Value + 100 };
            return null;
        }
        from.RemoveAt(at);
        if (type == "play")
            Pile.Add(found);
        else
            HandOf(payload.GetProperty("to").GetString()!).Insert(0, found);
        return null;
    }

    private List<NaiveCard> HandOf(string user) => Hands.TryGetValue(user, out List<NaiveCard>? hand) ? hand : Hands[user] = [];
}

internal sealed record NaiveCard(string Id, int Value);

/// <summary>What a user sees of the naive game.</summary>
internal sealed record NaiveView(
    int Deck, IReadOnlyList<(string Name, int Cards)> Seats, IReadOnlyList<NaiveCard> Hand, IReadOnlyList<NaiveCard> Pile, int Round)
{
    /// <summary>What a client shows for its own action until the server has answered.</summary>
    public NaiveView Expecting(string type, JsonElement? payload)
    {
        string? id = type is "play" or "give" ? payload?.GetProperty("card").GetString() : null;
        NaiveCard? card = Hand.FirstOrDefault(card => card.Id == id);
        return type switch
        {
            "raise" => this with { Round = Round + 1 },
            "play" when card is not null => this with { Hand = [.. Hand.Except([card])], Pile = [.. Pile, card] },
            "give" when card is not null => this with { Hand = [.. Hand.Except([card])] },
            _ => this,
        };
    }

    /// <summary>The JSON of the view.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{{\"deck\":{Deck},\"seats\":[");
        text.AppendJoin(',', Seats.Select(seat => $"{{\"name\":\"{seat.Name}\",\"cards\":{seat.Cards}}}"));
        text.Append("],\"hand\":[").AppendJoin(',', Hand.Select(Json)).Append("],\"pile\":[").AppendJoin(',', Pile.Select(Json));
        return text.Append("],\"round\":").Append(Round).Append('}').ToString();

        static string Json(NaiveCard card) => $"{{\"id\":\"{card.Id}\",\"value\":{card.Value}}}";
    }
}

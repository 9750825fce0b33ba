using System.Collections.Immutable;

namespace Krmx.StateBench.Scenarios;

/// <summary>What each user has alone.</summary>
internal sealed record Player(string Name, int Moves, ImmutableArray<int> Hand)
{
    public static readonly ImmutableDictionary<string, Player> None = ImmutableDictionary.Create<string, Player>(StringComparer.Ordinal);

    public static Player Of(ImmutableDictionary<string, Player> players, string name) =>
        players.TryGetValue(name, out Player? player) ? player : new Player(name, 0, [1, 2, 3, 4, 5]);

    /// <summary>The players after one of them has moved something.</summary>
    public static ImmutableDictionary<string, Player> AfterMove(ImmutableDictionary<string, Player> players, string name)
    {
        Player player = Of(players, name);
        return players.SetItem(name, player with { Moves = player.Moves + 1 });
    }
}

/// <summary>The action: an item goes somewhere.</summary>
internal sealed record Move(int Item, int X, int Y)
{
    public string? Complaint => Item is < 0 or >= Work.ItemCount ? "there is no such item" : null;
}

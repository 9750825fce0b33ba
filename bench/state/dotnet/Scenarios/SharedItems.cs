using System.Collections.Immutable;
using Krmx.State;

namespace Krmx.StateBench.Scenarios;

/// <summary>Everybody sees the same array of items, and a small part of their own.</summary>
internal sealed record SharedItems(ImmutableArray<Item> Items, ImmutableDictionary<string, Player> Players)
{
    public static ProjectionModel<SharedItems, View> CreateModel()
    {
        var model = new ProjectionModel<SharedItems, View>(
            new SharedItems(Item.All, Player.None),
            static (state, user) => new View(state.Items, Player.Of(state.Players, user)));
        model.When<Move>("move", static move => move.Complaint, static (state, user, move) => new SharedItems(
            state.Items.SetItem(move.Item, state.Items[move.Item] with { X = move.X, Y = move.Y }),
            Player.AfterMove(state.Players, user)));
        return model;
    }

    internal sealed record View(ImmutableArray<Item> Items, Player Own);
}

using System.Collections.Immutable;
using Krmx.State;

namespace Krmx.StateBench.Scenarios;

/// <summary>Everybody sees the same dictionary of items by their id, and a small part of their own.</summary>
internal sealed record KeyedItems(ImmutableDictionary<string, Item> Items, ImmutableDictionary<string, Player> Players)
{
    public static ProjectionModel<KeyedItems, View> CreateModel()
    {
        var model = new ProjectionModel<KeyedItems, View>(
            new KeyedItems(Item.All.ToImmutableDictionary(static item => item.Id, StringComparer.Ordinal), Player.None),
            static (state, user) => new View(state.Items, Player.Of(state.Players, user)));
        model.When<Move>("move", static move => move.Complaint, static (state, user, move) =>
        {
            string id = Work.ItemId(move.Item);
            return new KeyedItems(
                state.Items.SetItem(id, state.Items[id] with { X = move.X, Y = move.Y }),
                Player.AfterMove(state.Players, user));
        });
        return model;
    }

    internal sealed record View(ImmutableDictionary<string, Item> Items, Player Own);
}

using System.Collections.Immutable;
using Krmx.State;

namespace Krmx.StateBench.Scenarios;

/// <summary>The worst case: each call of the view makes all items anew, and each user sees something else of them.</summary>
internal static class FreshItems
{
    public static ProjectionModel<SharedItems, View> CreateModel()
    {
        var model = new ProjectionModel<SharedItems, View>(
            new SharedItems(Item.All, Player.None),
            static (state, user) => new View(
                [.. state.Items.Select(item => new SeenItem(
                    item.Id, item.Name, item.X, item.Y, item.Owner == user ? item.Health : null, item.Owner == user))],
                Player.Of(state.Players, user)));
        model.When<Move>("move", static move => move.Complaint, static (state, user, move) => new SharedItems(
            state.Items.SetItem(move.Item, state.Items[move.Item] with { X = move.X, Y = move.Y }),
            Player.AfterMove(state.Players, user)));
        return model;
    }

    internal sealed record SeenItem(string Id, string Name, int X, int Y, int? Health, bool IsMine);

    internal sealed record View(ImmutableArray<SeenItem> Items, Player Own);
}

using System.Collections.Immutable;
using Krmx.State;

namespace Krmx.FunctionalTests.State.Game;

/// <summary>The game's stream, the same as in tests/peers-state/game.mjs.</summary>
internal sealed record Board(ImmutableArray<Post> Posts, ImmutableDictionary<string, int> Likes, double Total)
{
    public const string Domain = "board";

    public static readonly StreamModel<Board> Model = new(
        new Board([], ImmutableDictionary.Create<string, int>(StringComparer.Ordinal), 0));

    public static readonly Func<PostText, KrmxAction> Post = Model.When<PostText>(
        "post",
        static post => post.Text.Length is 0 or > 40 ? "a post has from 1 to 40 characters" : null,
        static (board, user, post) => board with { Posts = board.Posts.Add(new Post(user, post.Text)) });

    public static readonly Func<KrmxAction> Like = Model.When("like", static (board, user) =>
        board with { Likes = board.Likes.SetItem(user, board.Likes.GetValueOrDefault(user) + 1) });

    public static readonly Func<Amount, KrmxAction> Add = Model.When<Amount>("add", static (board, _, added) =>
        board with { Total = board.Total + added.Value });

    /// <summary>Where there is no such post the handler throws: the event stands in the log and changes nothing.</summary>
    public static readonly Func<PostIndex, KrmxAction> Remove = Model.When<PostIndex>("remove", static (board, _, removed) =>
        removed.Index < 0 || removed.Index >= board.Posts.Length
            ? throw new KrmxRefusedException("there is no such post")
            : board with { Posts = board.Posts.RemoveAt(removed.Index) });

    static Board() => Model.SnapshotAs("snapshot");
}

internal sealed record Post(string By, string Text);

internal sealed record PostText(string Text);

internal sealed record PostIndex(int Index);

internal sealed record Amount([property: System.Text.Json.Serialization.JsonPropertyName("amount")] double Value);

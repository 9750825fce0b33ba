using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Krmx.State.Tests;

/// <summary>A planning board that everybody sees alike.</summary>
internal sealed record Board(ImmutableArray<string> Notes)
{
    public static readonly Board Empty = new([]);
}

internal sealed record Note([Required, StringLength(10)] string Text, [Range(1, 3)] int Copies = 1);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(Board))]
internal sealed partial class BoardJson : JsonSerializerContext;

internal sealed class BoardModel
{
    public BoardModel()
    {
        Model = new StreamModel<Board>(Board.Empty, BoardJson.Default.Options);
        Add = Model.When(
            "add",
            Annotations.Of<Note>(),
            static (board, user, note) => board with { Notes = board.Notes.AddRange(Enumerable.Repeat($"{user}: {note.Text}", note.Copies)) });
        Clear = Model.When("clear", static (_, _) => Board.Empty);
        Break = Model.When("break", static (_, _) => throw new InvalidOperationException("broken"));
    }

    public StreamModel<Board> Model { get; }

    public Func<Note, KrmxAction> Add { get; }

    public Func<KrmxAction> Clear { get; }

    public Func<KrmxAction> Break { get; }
}

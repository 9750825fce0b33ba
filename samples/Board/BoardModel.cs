using Krmx;
using Krmx.State;

namespace Boards;

/// <summary>What may be done with a board; whatever is not as the contract says is refused.</summary>
public static class BoardModel
{
    public static readonly ProjectionModel<Board, Board> Model = new(Board.Empty, static (board, _) => board);

    private static readonly Func<Note, string?> ComplaintAboutNote = Annotations.Of<Note>();

    public static readonly Func<Note, KrmxAction> Add = Model.When(
        "note/add", ComplaintAboutNote, static (board, _, note) => board.Add(note));

    public static readonly Func<MoveNote, KrmxAction> Move = Model.When(
        "note/move", Annotations.Of<MoveNote>(), static (board, _, move) => board.Move(move.Id, move.X, move.Y));

    public static readonly Func<EditNote, KrmxAction> Edit = Model.When(
        "note/edit", Annotations.Of<EditNote>(), static (board, _, edit) => board.Change(edit.Id, note => note with { Text = edit.Text }));

    public static readonly Func<ColorNote, KrmxAction> Color = Model.When(
        "note/color", Annotations.Of<ColorNote>(), static (board, _, color) => board.Change(color.Id, note => note with { Color = color.Color }));

    public static readonly Func<DeleteNote, KrmxAction> Delete = Model.When(
        "note/delete", Annotations.Of<DeleteNote>(), static (board, _, delete) => board.Delete(delete.Id));

    public static readonly Func<UndoChange, KrmxAction> Undo = Model.When<UndoChange>(
        "note/undo", ComplaintAboutUndo, static (board, _, change) => board.Undo(change.Before, change.After));

    /// <summary>What comes back to the board is within the same bounds as what is put there.</summary>
    private static string? ComplaintAboutUndo(UndoChange change)
    {
        if (change is { Before.Id: string before, After.Id: string after } && before != after)
            return "before and after are two notes";
        return change.Before is Note note ? ComplaintAboutNote(note) : null;
    }
}

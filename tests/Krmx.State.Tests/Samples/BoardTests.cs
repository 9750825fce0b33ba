using Krmx;
using Krmx.State;
using Krmx.Testing;

namespace Boards.Tests;

/// <summary>What may be done with the board of the sample, and what undo takes back.</summary>
public sealed class BoardTests
{
    private static readonly string[] Names = ["ann", "bob"];

    [Fact]
    public void Notes_AreAddedMovedEditedColouredAndDeleted()
    {
        Board board = Apply(Board.Empty, BoardModel.Add(Note(1)), BoardModel.Add(Note(2)));
        Assert.Equal([Note(1), Note(2)], board.Notes);
        board = Apply(board, BoardModel.Move(new(Id(1), 30, 40)));
        Assert.Equal([Note(2), Note(1) with { X = 30, Y = 40 }], board.Notes);
        board = Apply(board, BoardModel.Edit(new(Id(1), "milk\nbread")), BoardModel.Color(new(Id(1), NoteColor.Pink)));
        Assert.Equal(Note(1) with { X = 30, Y = 40, Text = "milk\nbread", Color = NoteColor.Pink }, board.Find(Id(1)));
        board = Apply(board, BoardModel.Delete(new(Id(1))), BoardModel.Delete(new(Id(1))));
        Assert.Equal([Note(2)], board.Notes);
    }

    [Fact]
    public void Notes_AreWithinTheirBounds()
    {
        Note note = Note(1);
        Assert.Single(Apply(Board.Empty, BoardModel.Add(note with { X = Board.MaxX, Y = Board.MaxY, Text = new('x', Board.MaxTextLength) })).Notes);
        Note[] refused =
        [
            note with { Id = "" }, note with { Id = null! }, note with { Id = "AN-ID-WITH-CAPITALS" }, note with { Id = new('x', 41) },
            note with { X = -1 }, note with { X = Board.MaxX + 1 }, note with { Y = -1 }, note with { Y = Board.MaxY + 1 },
            note with { Text = null! }, note with { Text = new('x', Board.MaxTextLength + 1) },
        ];
        Assert.All(refused, bad => Refusal(Board.Empty, BoardModel.Add(bad)));
        Assert.All(refused, bad => Refusal(Board.Empty, BoardModel.Undo(new(bad, null))));

        Board board = Apply(Board.Empty, BoardModel.Add(note));
        KrmxAction[] refusedChanges =
        [
            BoardModel.Move(new(Id(1), -1, 0)), BoardModel.Move(new(Id(1), 0, Board.MaxY + 1)), BoardModel.Edit(new(Id(1), null!)),
            BoardModel.Edit(new(Id(1), new('x', Board.MaxTextLength + 1))), BoardModel.Delete(new(null!)),
        ];
        Assert.All(refusedChanges, bad => Refusal(board, bad));
    }

    [Fact]
    public void Board_HasRoomForSoManyNotesOfAnId()
    {
        Board board = Apply(Board.Empty, [.. Enumerable.Range(1, Board.MaxNotes).Select(static number => BoardModel.Add(Note(number)))]);
        Assert.Equal("a board has room for 150 notes: delete some", Refusal(board, BoardModel.Add(Note(1000))));
        Assert.Equal("a board has room for 150 notes: delete some", Refusal(board, BoardModel.Undo(new(Note(1000), null))));
        Assert.Equal("there is such a note already", Refusal(board, BoardModel.Add(Note(7))));
        Apply(board, BoardModel.Delete(new(Id(7))), BoardModel.Add(Note(1000)));
    }

    [Fact]
    public void DeletedNote_IsChangedByNobody()
    {
        foreach (KrmxAction change in (KrmxAction[])[BoardModel.Move(new(Id(1), 0, 0)), BoardModel.Edit(new(Id(1), "")), BoardModel.Color(new(Id(1), NoteColor.Pink))])
            Assert.Equal("somebody has deleted the note", Refusal(Board.Empty, change));
    }

    [Fact]
    public void Undo_TakesBackOneChange()
    {
        Note before = Note(1);
        Note after = before with { X = 500, Text = "new", Color = NoteColor.Green };
        Board board = Apply(Board.Empty, BoardModel.Add(Note(1)));
        Assert.Equal([before], Apply(new Board([after]), BoardModel.Undo(new(before, after))).Notes);
        Assert.Empty(Apply(board, BoardModel.Undo(new(null, before))).Notes);
        Assert.Equal([before], Apply(Board.Empty, BoardModel.Undo(new(before, null))).Notes);
    }

    [Fact]
    public void Undo_LeavesWhatOthersHaveChangedSince()
    {
        Note before = Note(1);
        Note after = before with { X = 500, Y = 600 };
        Note withText = after with { Text = "by bob" };
        Assert.Equal([before with { Text = "by bob" }], Apply(new Board([withText]), BoardModel.Undo(new(before, after))).Notes);

        // A place is one thing: it is not half undone.
        Note moved = after with { Y = 0 };
        const string Changed = "somebody has changed the note since";
        Assert.Equal(Changed, Refusal(new Board([moved]), BoardModel.Undo(new(before, after))));
        Assert.Equal(Changed, Refusal(new Board([withText]), BoardModel.Undo(new(null, after))));
        Assert.Equal("somebody has deleted the note since", Refusal(Board.Empty, BoardModel.Undo(new(before, after))));
        Assert.Equal("there is such a note already", Refusal(new Board([after]), BoardModel.Undo(new(before, null))));
        Assert.Equal("before and after are two notes", Refusal(new Board([before]), BoardModel.Undo(new(Note(2), before))));
        Assert.Equal("there is nothing to undo", Refusal(Board.Empty, BoardModel.Undo(new(null, null))));
    }

    [Theory, FullRunOnly]
    [InlineData(1)]
    [InlineData(2)]
    public void EverybodySeesTheBoardAsItIs(int seed)
    {
        ProjectionCheckResult played = ProjectionCheck.Run(
            BoardModel.Model,
            Names,
            static (board, random) => (Names[random.Next(Names.Length)], AnyAction(board, random)),
            steps: 2000,
            seed: seed);
        Assert.True(played.Accepted > 1000, played.ToString());
    }

    private static KrmxAction AnyAction(Board board, Random random)
    {
        if (board.Notes.IsEmpty || random.Next(8) == 0)
            return BoardModel.Add(Note(random.Next(1, 10_000)));
        Note note = board.Notes[random.Next(board.Notes.Length)];
        return random.Next(6) switch
        {
            0 => BoardModel.Edit(new(note.Id, note.Text + random.Next(100))),
            1 => BoardModel.Color(new(note.Id, random.Next(2) == 0 ? NoteColor.Pink : NoteColor.Blue)),
            2 => BoardModel.Delete(new(note.Id)),
            3 => BoardModel.Undo(new(note with { X = random.Next(1000) }, note)),
            _ => BoardModel.Move(new(note.Id, random.Next(Board.MaxX), random.Next(Board.MaxY))),
        };
    }

    private static string Id(int number) => $"note-{number:d4}";

    private static Note Note(int number) => new(Id(number), 10, 20, "", NoteColor.Yellow);

    private static Board Apply(Board board, params KrmxAction[] actions) =>
        actions.Aggregate(board, static (now, action) => BoardModel.Model.Apply(now, "ann", action));

    private static string Refusal(Board board, KrmxAction action) =>
        Assert.Throws<KrmxRefusedException>(() => BoardModel.Model.Apply(board, "ann", action)).Message;
}

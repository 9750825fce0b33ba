using System.Collections.Immutable;
using Krmx;

namespace Boards;

/// <summary>A board, which everybody sees alike: its notes, the last on top.</summary>
public sealed record Board(ImmutableArray<Note> Notes)
{
    public const int MaxNotes = 150;
    public const int MaxTextLength = 300;

    public const int Width = 3600;
    public const int Height = 2400;
    public const int NoteSize = 180;

    /// <summary>All of a note is on the board.</summary>
    public const int MaxX = Width - NoteSize;
    public const int MaxY = Height - NoteSize;

    /// <summary>The page makes the ids, so that a note is there before the server has answered.</summary>
    public const string IdPattern = "[a-z0-9-]{8,40}";

    public static readonly Board Empty = new([]);

    public Note? Find(string id) => Notes.FirstOrDefault(note => note.Id == id);

    public Board Add(Note note)
    {
        Demand(Find(note.Id) is null, "there is such a note already");
        Demand(Notes.Length < MaxNotes, $"a board has room for {MaxNotes} notes: delete some");
        return new Board(Notes.Add(note));
    }

    public Board Move(string id, int x, int y)
    {
        Note note = Get(id);
        return new Board(Notes.Remove(note).Add(note with { X = x, Y = y }));
    }

    public Board Change(string id, Func<Note, Note> change)
    {
        Note note = Get(id);
        return new Board(Notes.Replace(note, change(note)));
    }

    /// <summary>Two who delete the same note at once want the same, so the second is not refused.</summary>
    public Board Delete(string id) => new(Notes.RemoveAll(note => note.Id == id));

    /// <summary>Takes back a change as far as it still stands: what others have changed since stays as they left it.</summary>
    public Board Undo(Note? before, Note? after)
    {
        if (after is null)
            return Add(before ?? throw new KrmxRefusedException("there is nothing to undo"));
        Note? note = Find(after.Id);
        if (before is null)
        {
            Demand(note is null || note == after, "somebody has changed the note since");
            return Delete(after.Id);
        }
        Demand(note is not null, "somebody has deleted the note since");
        Note undone = note! with
        {
            X = IsAt(note, after) ? before.X : note.X,
            Y = IsAt(note, after) ? before.Y : note.Y,
            Text = note.Text == after.Text ? before.Text : note.Text,
            Color = note.Color == after.Color ? before.Color : note.Color,
        };
        Demand(undone != note, "somebody has changed the note since");
        return new Board(Notes.Replace(note, undone));
    }

    private static bool IsAt(Note note, Note other) => note.X == other.X && note.Y == other.Y;

    private Note Get(string id) => Find(id) ?? throw new KrmxRefusedException("somebody has deleted the note");

    private static void Demand(bool holds, string reason)
    {
        if (!holds)
            throw new KrmxRefusedException(reason);
    }
}

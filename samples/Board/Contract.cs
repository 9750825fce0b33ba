using System.ComponentModel.DataAnnotations;
using Krmx;

namespace Boards;

// What the page and the server say to each other, of which contract.json is made, and web/src/contract.ts of that; and the bounds, which the server alone
// sees to.

/// <summary>Where somebody points; volatile, so it is lost rather than late.</summary>
public sealed record Point(double X, double Y) : IKrmxMessage
{
    public static string Type => "board/point";
}

/// <summary>Where another user points.</summary>
public sealed record Pointed(string Username, double X, double Y) : IKrmxMessage
{
    public static string Type => "board/pointed";
}

/// <summary>What somebody wants to be called, and the colour of their pointer; as a request, from now on.</summary>
public sealed record Profile(
    [property: Required, StringLength(Person.MaxNameLength), RegularExpression(Person.NamePattern)] string Name,
    PersonColor Color)
{
    public static string Type => "profile/set";
}

/// <summary>A sticky note. The board's notes lie in their order, the last on top.</summary>
public sealed record Note(
    [property: Required, RegularExpression(Board.IdPattern)] string Id,
    [property: Range(0, Board.MaxX)] int X,
    [property: Range(0, Board.MaxY)] int Y,
    [property: Required(AllowEmptyStrings = true), StringLength(Board.MaxTextLength)] string Text,
    NoteColor Color);

/// <summary>Puts a note somewhere else, on top of the others.</summary>
public sealed record MoveNote(
    [property: Required] string Id,
    [property: Range(0, Board.MaxX)] int X,
    [property: Range(0, Board.MaxY)] int Y);

/// <summary>Writes on a note.</summary>
public sealed record EditNote(
    [property: Required] string Id,
    [property: Required(AllowEmptyStrings = true), StringLength(Board.MaxTextLength)] string Text);

/// <summary>Gives a note another colour.</summary>
public sealed record ColorNote(
    [property: Required] string Id,
    NoteColor Color);

/// <summary>Takes a note away.</summary>
public sealed record DeleteNote([property: Required] string Id);

/// <summary>Takes back what led from one note to another: null before it was added, and after it was deleted.</summary>
public sealed record UndoChange(Note? Before, Note? After);

public enum NoteColor
{
    Yellow,
    Orange,
    Pink,
    Violet,
    Blue,
    Green,
}

public enum PersonColor
{
    Red,
    Amber,
    Green,
    Teal,
    Blue,
    Indigo,
    Violet,
    Rose,
}

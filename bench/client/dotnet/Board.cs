using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Krmx.State;

namespace Krmx.ClientBench;

/// <summary>What the measured view is: a board of many notes, of which each change moves one.</summary>
internal sealed record Board(ImmutableArray<Note> Notes)
{
    public static ProjectionModel<Board, Board> Model { get; } = new(Of(1000), static (board, _) => board);

    public static Board Of(int notes) => new([.. Enumerable.Range(0, notes).Select(static i => new Note($"note-{i}", $"What is to be done about number {i}", "yellow", i % 40 * 30, i / 40 * 30))]);

    public Board Move(int change)
    {
        int index = change * 7919 % Notes.Length; // here and there
        return new(Notes.SetItem(index, Notes[index] with { X = change, Y = change % 700 }));
    }
}

/// <summary>The same, of a type with a rule that has it read as a whole at each change.</summary>
internal sealed record WholeBoard(ImmutableArray<Note> Notes) : IJsonOnDeserialized
{
    public static ProjectionModel<WholeBoard, WholeBoard> Model { get; } = new(new([]), static (board, _) => board);

    void IJsonOnDeserialized.OnDeserialized()
    {
    }
}

internal sealed record Note(string Id, string Text, string Colour, double X, double Y);

using System.Collections.Immutable;

namespace Krmx.State.Tests.Simulation;

internal sealed record Journal(ImmutableArray<string> Entries, int Removed);

internal sealed record Entry(string Text);

internal sealed record Place(int Index);

/// <summary>The stream of the simulation.</summary>
internal static class JournalModel
{
    /// <summary>With an end.</summary>
    public static readonly StreamModel<Journal> Model = new(new Journal([], 0));

    /// <summary>With a snapshot in place of an end.</summary>
    public static readonly StreamModel<Journal> CutModel = new(new Journal([], 0));

    static JournalModel()
    {
        (Write, Remove, Break) = Define(Model);
        Define(CutModel);
        CutModel.SnapshotAs("snapshot");
    }

    public static Func<Entry, KrmxAction> Write { get; }

    public static Func<Place, KrmxAction> Remove { get; }

    public static Func<KrmxAction> Break { get; }

    private static (Func<Entry, KrmxAction> Write, Func<Place, KrmxAction> Remove, Func<KrmxAction> Break) Define(StreamModel<Journal> model) => (
        model.When<Entry>("write", Validate, static (journal, user, entry) => journal with { Entries = journal.Entries.Add($"{user}: {entry.Text}") }),
        model.When<Place>("remove", static (journal, _, place) => place.Index < journal.Entries.Length
            ? new Journal(journal.Entries.RemoveAt(place.Index), journal.Removed + 1)
            : throw new KrmxRefusedException("there is no such entry")),
        model.When("break", static (_, _) => throw new InvalidOperationException(GameModel.Planted + ": an event that throws")));

    private static string? Validate(Entry entry) => entry.Text switch
    {
        "throw" => throw new InvalidOperationException(GameModel.Planted + ": a validation that throws"),
        { Length: > 10 } => "the text is too long",
        _ => null,
    };
}

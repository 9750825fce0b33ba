using System.Collections.Immutable;

namespace Krmx.State.Tests.Simulation;

internal sealed record Journal(ImmutableArray<string> Entries, int Removed);

internal sealed record Entry(string Text);

internal sealed record Place(int Index);

/// <summary>The stream of the simulation.</summary>
internal static class JournalModel
{
    public static readonly StreamModel<Journal> Model = new(new Journal([], 0));

    public static readonly Func<Entry, KrmxAction> Write = Model.When<Entry>(
        "write", Validate, static (journal, user, entry) => journal with { Entries = journal.Entries.Add($"{user}: {entry.Text}") });

    public static readonly Func<Place, KrmxAction> Remove = Model.When<Place>("remove", static (journal, _, place) =>
        place.Index < journal.Entries.Length
            ? new Journal(journal.Entries.RemoveAt(place.Index), journal.Removed + 1)
            : throw new KrmxRefusedException("there is no such entry"));

    public static readonly Func<KrmxAction> Break = Model.When(
        "break", static (_, _) => throw new InvalidOperationException(GameModel.Planted + ": an event that throws"));

    private static string? Validate(Entry entry) => entry.Text switch
    {
        "throw" => throw new InvalidOperationException(GameModel.Planted + ": a validation that throws"),
        { Length: > 10 } => "the text is too long",
        _ => null,
    };
}

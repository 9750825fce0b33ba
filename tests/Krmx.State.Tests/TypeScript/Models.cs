using System.Collections.Immutable;

namespace Krmx.State.Tests.TypeScript;

internal sealed record Note(string Id, string Text);

/// <summary>What a projection shows. Its actions do not commute, so it matters on top of what, and in which order, they are applied.</summary>
internal sealed record Notes(string Title, ImmutableArray<Note> Items, int Total, string? Own)
{
    public const int Modulus = 1009; // so that both languages come to the same numbers

    public static readonly Notes Empty = new("", [], 0, null);

    public static readonly ProjectionModel<Notes, Notes> Model = CreateModel();

    /// <summary>A change of the server's.</summary>
    public Notes Changed(Random random) => random.Next(8) switch
    {
        0 => this with { Title = $"title {random.Next(5)}" },
        1 or 2 => this with { Items = Items.Insert(random.Next(Items.Length + 1), new Note($"server{random.Next()}", $"{random.Next(9)}")) },
        3 when Items.Length > 0 => this with { Items = Items.RemoveAt(random.Next(Items.Length)) },
        4 when Items.Length > 1 => this with { Items = Items.RemoveAt(0).Insert(random.Next(1, Items.Length), Items[0]) },
        5 when Items.Length > 0 => this with { Items = Items.SetItem(0, Items[0] with { Text = $"{random.Next(9)}!" }) },
        6 => this with { Own = Own is null ? "mine" : null },
        _ => this with { Total = random.Next(Modulus) },
    };

    private static ProjectionModel<Notes, Notes> CreateModel()
    {
        var model = new ProjectionModel<Notes, Notes>(Empty, static (notes, _) => notes);
        model.When<string>("rename", static (notes, _, _) => notes, static (notes, _, title) => notes with { Title = title });
        model.When<string>("note", static (notes, _, _) => notes, static (notes, user, text) =>
            notes with { Items = notes.Items.Add(new Note($"{user}{notes.Items.Length}", text)) });
        model.When<int>("drop", static (notes, _, _) => notes, static (notes, _, at) => notes with { Items = notes.Items.RemoveAt(at) });
        model.When<int>("add", static (notes, _, _) => notes, static (notes, _, number) => notes with { Total = (notes.Total + number) % Modulus });
        model.When("double", static (notes, _) => notes, static (notes, _) => notes with { Total = notes.Total * 2 % Modulus });
        model.When("quiet", static (notes, _) => notes);
        return model;
    }
}

/// <summary>What follows from a stream.</summary>
internal sealed record Ledger(ImmutableArray<string> Lines, int Sum)
{
    public static readonly StreamModel<Ledger> Model = CreateModel();

    private static StreamModel<Ledger> CreateModel()
    {
        var model = new StreamModel<Ledger>(new Ledger([], 0));
        model.When<string>("say", static (ledger, user, text) => ledger with { Lines = ledger.Lines.Add($"{user}: {text}") });
        model.When<int>("add", static (ledger, _, number) => ledger with { Sum = (ledger.Sum + number) % Notes.Modulus });
        model.When("double", static (ledger, _) => ledger with { Sum = ledger.Sum * 2 % Notes.Modulus });
        model.When("fail", static (_, _) => throw new InvalidOperationException("planted"));
        return model;
    }
}

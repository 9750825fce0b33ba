namespace Krmx.State.Tests.Npm;

/// <summary>Compares deltas with those of npm, both ways, and counts.</summary>
internal sealed class DeltaComparison : IDisposable
{
    private readonly NodeOracle _oracle = new("peers-state/oracle.mjs");

    private const int BatchSize = 250;

    private static readonly string[] NpmOptions = ["default", "keyed", "valuesOnMove", "shortTexts"];

    /// <summary>How many pairs of values were compared.</summary>
    public int Pairs { get; private set; }

    /// <summary>How many pairs jsondiffpatch makes no delta for, or one that it cannot apply, or one that says something else.</summary>
    public int NpmFailures { get; private set; }

    /// <summary>Of those, how many have a delta that is right all the same, as ours reads it.</summary>
    public int NpmFailuresReadRight { get; private set; }

    /// <summary>How many deltas of npm moved items, had text diffs, and had none of both.</summary>
    public (int Moves, int Texts, int Plain) Kinds { get; private set; }

    /// <summary>The size of all deltas of npm, with a key selector and without, and of ours, in characters.</summary>
    public Dictionary<string, (long Npm, long Ours, int Count)> Sizes { get; } = [];

    /// <summary>Adds the figures of another comparison.</summary>
    public void Add(DeltaComparison other)
    {
        Pairs += other.Pairs;
        NpmFailures += other.NpmFailures;
        NpmFailuresReadRight += other.NpmFailuresReadRight;
        Kinds = (Kinds.Moves + other.Kinds.Moves, Kinds.Texts + other.Kinds.Texts, Kinds.Plain + other.Kinds.Plain);
        foreach ((string options, (long npm, long ours, int count)) in other.Sizes)
            AddSize(options, npm, ours, count);
    }

    public void Run(int firstSeed, int pairs, bool hazards)
    {
        for (int batch = 0; batch < pairs / BatchSize; batch++)
            RunBatch(firstSeed + batch, hazards, NpmOptions[batch % NpmOptions.Length]);
    }

    public void Dispose() => _oracle.Dispose();

    private void RunBatch(int seed, bool hazards, string npmOptions)
    {
        var generator = new TreeGenerator(seed, hazards);
        var options = new JsonDeltaOptions { OmitsOldValues = seed % 3 == 0 };
        var cases = new List<(JsonTree Before, JsonTree After, JsonTree? Delta)>();
        for (int i = 0; i < BatchSize; i++)
        {
            JsonTree before = (i % 8) switch
            {
                0 => generator.Value(),
                1 => generator.Text(),
                _ => generator.Root(),
            };
            JsonTree after = i % 25 == 0 ? generator.Value() : generator.Edited(before);
            cases.Add((before, after, JsonDelta.Diff(before, after, options)));
        }
        JsonTree answers = _oracle.Ask(JsonTree.Of("compare"), JsonTree.Of(npmOptions), JsonTree.ArrayOf(
            cases.Select(pair => JsonTree.ArrayOf([pair.Before, pair.After, pair.Delta ?? JsonTree.Null]))));
        for (int i = 0; i < cases.Count; i++)
        {
            (JsonTree before, JsonTree after, JsonTree? delta) = cases[i];
            JsonTree answer = answers.Items[i];
            if (Compare(before, after, delta, answer) is string failure)
                Assert.Fail($"{failure} (pair {i} of seed {seed}, {npmOptions}):\n{before}\n{after}\nours {delta}\nanswer {answer}");
            if (!options.OmitsOldValues && answer["delta"] is JsonTree theirs && delta is not null)
                AddSize(npmOptions, theirs.ToUtf8().Length, delta.ToUtf8().Length, 1);
        }
    }

    private void AddSize(string options, long npm, long ours, int count)
    {
        (long Npm, long Ours, int Count) sum = Sizes.GetValueOrDefault(options);
        Sizes[options] = (sum.Npm + npm, sum.Ours + ours, sum.Count + count);
    }

    /// <returns>What is wrong, or null.</returns>
    private string? Compare(JsonTree before, JsonTree after, JsonTree? delta, JsonTree answer)
    {
        Pairs++;
        if (delta is null != before.Equals(after))
            return "ours is there without a difference, or the other way round";
        if (delta is not null && !JsonDelta.Apply(before, delta).Equals(after))
            return "ours, applied by ours, gives something else";
        if (!after.Equals(answer["ours"]))
            return "ours, applied by npm, gives something else";

        JsonTree? theirs = answer["delta"];
        if (after.Equals(answer["patched"]))
        {
            Count(theirs?.ToString() ?? "");
            return IsReadRight(before, after, theirs) ? null : "npm's, applied by ours, gives something else";
        }
        NpmFailures++;
        NpmFailuresReadRight += IsReadRight(before, after, theirs) ? 1 : 0;
        return null;
    }

    private void Count(string delta)
    {
        (int moves, int texts, int plain) = Kinds;
        bool moved = delta.Contains(",3]", StringComparison.Ordinal) && delta.Contains("\"_t\":\"a\"", StringComparison.Ordinal);
        bool text = delta.Contains("@@\\n", StringComparison.Ordinal) && delta.Contains(",0,2]", StringComparison.Ordinal);
        Kinds = (moves + (moved ? 1 : 0), texts + (text ? 1 : 0), plain + (moved || text ? 0 : 1));
    }

    private static bool IsReadRight(JsonTree before, JsonTree after, JsonTree? delta)
    {
        try
        {
            return (delta is null ? before : JsonDelta.Apply(before, delta)).Equals(after);
        }
        catch (JsonDeltaException)
        {
            return false;
        }
    }
}

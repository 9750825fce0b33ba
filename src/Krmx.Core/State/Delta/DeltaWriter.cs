using System.Collections.Immutable;

namespace Krmx.State;

/// <summary>Makes deltas.</summary>
/// <param name="options">How to compare.</param>
/// <param name="memory">Remembers the deltas of larger values, for those who compare many that have parts in common; may be null.</param>
internal sealed class DeltaWriter(JsonDeltaOptions options, Dictionary<(JsonTree Before, JsonTree After), JsonTree>? memory = null)
{
    /// <summary>Below so many characters a comparison costs less than remembering it.</summary>
    private const int MemorableSize = 256;

    /// <summary>The delta from one value to another, or null when they are equal.</summary>
    public JsonTree? Diff(JsonTree before, JsonTree after)
    {
        if (before.Equals(after))
            return null;
        if (memory is null || after.Size < MemorableSize)
            return Compare(before, after);
        if (!memory.TryGetValue((before, after), out JsonTree? known))
            memory.Add((before, after), known = Compare(before, after));
        return known;
    }

    private JsonTree Compare(JsonTree before, JsonTree after)
    {
        JsonTree? nested = (before, after) switch
        {
            (JsonMembers old, JsonMembers now) => DiffMembers(old, now),
            (JsonItems old, JsonItems now) => DiffItems(old.Items, now.Items),
            _ => null,
        };
        JsonTree whole = DeltaFormat.Modified(Old(before), after);
        return nested is null || nested.Size > whole.Size ? whole : nested;
    }

    /// <summary>Null where the format, as jsondiffpatch reads it, cannot say it.</summary>
    private JsonMembers? DiffMembers(JsonMembers before, JsonMembers after)
    {
        ImmutableArray<KeyValuePair<string, JsonTree>>.Builder delta = ImmutableArray.CreateBuilder<KeyValuePair<string, JsonTree>>();
        int common = 0;
        for (int i = 0; i < before.Members.Length; i++)
        {
            (string name, JsonTree old) = before.Members[i];
            JsonTree? now = after.Find(name, i);
            if (now is not null)
                common++;
            JsonTree? change = now is null ? DeltaFormat.Deleted(Old(old)) : Diff(old, now);
            if (change is not null)
                delta.Add(new(name, change));
        }
        if (common < after.Members.Length)
        {
            foreach ((string name, JsonTree now) in after.Members)
            {
                if (before.IndexOf(name) < 0)
                    delta.Add(new(name, DeltaFormat.Added(now)));
            }
        }
        return delta.Any(change => IsReserved(change.Key)) ? null : JsonMembers.OfDistinct(delta.DrainToImmutable());
    }

    private JsonMembers DiffItems(ImmutableArray<JsonTree> before, ImmutableArray<JsonTree> after)
    {
        var alignment = new ArrayAlignment(before, after, options.KeyOf);
        ImmutableArray<KeyValuePair<string, JsonTree>>.Builder delta = ImmutableArray.CreateBuilder<KeyValuePair<string, JsonTree>>();
        delta.Add(DeltaFormat.ArrayType);
        for (int i = alignment.Head; i < before.Length - alignment.Tail; i++)
        {
            if (alignment.IsRemoved(i))
                delta.Add(new(DeltaFormat.AtOld(i), DeltaFormat.Deleted(Old(before[i]))));
        }
        for (int j = 0; j < after.Length; j++)
        {
            int source = alignment.SourceOf(j);
            if (alignment.IsMoved(j))
                delta.Add(new(DeltaFormat.AtOld(source), DeltaFormat.Moved(j)));
            JsonTree? change = source < 0 ? DeltaFormat.Added(after[j]) : Diff(before[source], after[j]);
            if (change is not null)
                delta.Add(new(DeltaFormat.AtNew(j), change));
        }
        return JsonMembers.OfDistinct(delta.DrainToImmutable());
    }

    private JsonTree Old(JsonTree value) => options.OmitsOldValues ? DeltaFormat.Omitted : value;

    /// <summary>
    /// Whether jsondiffpatch mistakes a change to that member for the mark of an array, or for the prototype of the object.
    /// </summary>
    private static bool IsReserved(string name) => name is DeltaFormat.TypeName or "__proto__";
}

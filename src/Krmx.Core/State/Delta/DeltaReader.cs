using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Krmx.State;

/// <summary>Applies one delta.</summary>
/// <remarks>
/// Stricter than jsondiffpatch, which makes something of any delta: what does not fit was made for another value, and to go on would be to
/// show a wrong state without a word. Old values are not compared, as a peer may have left them out or written their digits differently.
/// The result is no deeper than the deeper of value and delta, and no larger than both together.
/// </remarks>
internal sealed class DeltaReader
{
    private readonly List<string> _path = [];

    public JsonTree Apply(JsonTree value, JsonTree delta) => IsAddition(delta, out JsonTree? added) ? added : Change(value, delta);

    /// <summary>Applies a delta that must leave a value.</summary>
    private JsonTree Change(JsonTree value, JsonTree delta) => Patch(value, delta) ?? throw Refuse("this value cannot be deleted");

    /// <summary>Applies a delta to a value that is there; the answer is null where it is deleted.</summary>
    private JsonTree? Patch(JsonTree value, JsonTree delta)
    {
        if (delta is JsonItems leaf)
            return PatchWhole(value, leaf.Items);
        if (delta is not JsonMembers nested)
            throw Refuse("a delta is an array or an object");
        if (nested[DeltaFormat.TypeName] is { Kind: JsonValueKind.String, Text: DeltaFormat.ArrayMark })
        {
            return value is JsonItems array
                ? PatchItems(array.Items, nested)
                : throw Refuse("the delta is for an array, and there is none");
        }
        return value is JsonMembers members
            ? PatchMembers(members, nested)
            : throw Refuse("the delta is for an object, and there is none");
    }

    private JsonTree? PatchWhole(JsonTree value, ImmutableArray<JsonTree> leaf)
    {
        if (leaf.Length == 2)
            return leaf[1];
        if (leaf.Length == 1)
            throw Refuse("the added value is there already");
        if (leaf.Length == 3 && leaf[2] is { Kind: JsonValueKind.Number, Text: string code })
        {
            if (code == DeltaFormat.DeletedCode)
                return null;
            if (code == DeltaFormat.TextCode)
                return PatchText(value, leaf[0]);
        }
        throw Refuse("this is no kind of change");
    }

    private JsonScalar PatchText(JsonTree value, JsonTree patch)
    {
        if (value.Kind != JsonValueKind.String || patch.Kind != JsonValueKind.String)
            throw Refuse("the delta is for a text, and there is none");
        if (!TextPatch.TryApply(value.Text!, patch.Text!, out string? text, out string? reason))
            throw Refuse(reason);
        return new JsonScalar(JsonValueKind.String, text);
    }

    private JsonMembers PatchMembers(JsonMembers value, JsonMembers delta)
    {
        ImmutableArray<KeyValuePair<string, JsonTree>>.Builder members = value.Members.ToBuilder();
        bool anyDeleted = false;
        foreach ((string name, JsonTree change) in delta.Members)
        {
            _path.Add(name);
            int index = value.IndexOf(name);
            if (index >= 0)
            {
                JsonTree? changed = Patch(members[index].Value, change);
                members[index] = new(name, changed!); // a deleted one stands as null until the end
                anyDeleted |= changed is null;
            }
            else
            {
                members.Add(new(name, IsAddition(change, out JsonTree? added) ? added : throw Refuse("the value to change is not there")));
            }
            _path.RemoveAt(_path.Count - 1);
        }
        if (anyDeleted)
            members.RemoveAll(static member => member.Value is null);
        return JsonMembers.OfDistinct(members.DrainToImmutable());
    }

    private JsonItems PatchItems(ImmutableArray<JsonTree> old, JsonMembers delta)
    {
        var changes = new ArrayChanges(old, delta, Refuse);
        JsonTree[] items = changes.Rearrange();
        foreach ((string name, int index, JsonTree change) in changes.InPlace)
        {
            _path.Add(name);
            items[index] = Change(items[index], change);
            _path.RemoveAt(_path.Count - 1);
        }
        return new JsonItems(ImmutableCollectionsMarshal.AsImmutableArray(items));
    }

    private static bool IsAddition(JsonTree delta, [NotNullWhen(true)] out JsonTree? added)
    {
        added = delta is JsonItems { Items: [JsonTree value] } ? value : null;
        return added is not null;
    }

    private JsonDeltaException Refuse(string reason) => new(string.Concat(_path.Select(name => "/" + name)), reason);
}

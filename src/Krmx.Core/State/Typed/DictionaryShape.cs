using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;

namespace Krmx.State;

/// <summary>A dictionary whose keys are strings.</summary>
internal sealed class DictionaryShape : TypeShape
{
    private TypeShape? _value;

    public TypeShape Value => _value!;

    /// <summary>Sets the values' shape; apart from the constructor because a type may contain itself.</summary>
    public void Complete(TypeShape value) => _value = value;

    public override JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker)
    {
        var dictionary = (IDictionary)value;
        var old = beforeTree as JsonMembers;
        var oldDictionary = old is null ? null : (IDictionary)before!;
        ImmutableArray<KeyValuePair<string, JsonTree>>.Builder members =
            ImmutableArray.CreateBuilder<KeyValuePair<string, JsonTree>>(dictionary.Count);
        bool isSame = old is not null;
        foreach (DictionaryEntry entry in dictionary)
        {
            string name = (string)entry.Key;
            if (!Utf16.IsWellFormed(name))
                throw new JsonException("A key has a lone surrogate.");
            JsonTree? oldTree = old?.Find(name, members.Count);
            object? oldValue = oldTree is null || !_value!.NeedsFormerValue ? null : oldDictionary![name];
            JsonTree tree = maker.Make(entry.Value, _value!, oldValue, oldTree);
            isSame &= ReferenceEquals(tree, oldTree);
            members.Add(new(name, tree));
        }
        return isSame && members.Count == old!.Members.Length ? old : JsonMembers.OfDistinct(members.DrainToImmutable());
    }
}

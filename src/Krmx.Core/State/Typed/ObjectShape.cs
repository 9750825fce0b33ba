using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Krmx.State;

/// <summary>An object: its properties, in the order they are written.</summary>
internal sealed class ObjectShape : TypeShape
{
    private Property[] _properties = [];

    public IReadOnlyList<Property> Properties => _properties;

    /// <summary>Sets the properties; apart from the constructor because a type may contain itself.</summary>
    public void Complete(IEnumerable<Property> properties) => _properties = [.. properties];

    public override JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker)
    {
        var old = beforeTree as JsonMembers;
        List<KeyValuePair<string, JsonTree>> members = maker.Members;
        int start = members.Count;
        bool isSame = old is not null;
        foreach (Property property in _properties)
        {
            object? part = property.Get(value);
            if (property.IsLeftOut(value, part))
                continue;
            JsonTree? oldTree = old?.Find(property.Name, members.Count - start);
            object? oldPart = oldTree is null || !property.Shape.NeedsFormerValue ? null : property.Get(before!);
            JsonTree tree = maker.Make(part, property.Shape, oldPart, oldTree);
            isSame &= ReferenceEquals(tree, oldTree);
            members.Add(new(property.Name, tree));
        }
        int count = members.Count - start;
        JsonTree made = isSame && count == old!.Members.Length ? old : JsonMembers.OfDistinct(Copy(members, start, count));
        members.RemoveRange(start, count);
        return made;
    }

    private static ImmutableArray<KeyValuePair<string, JsonTree>> Copy(List<KeyValuePair<string, JsonTree>> members, int start, int count)
    {
        var copy = new KeyValuePair<string, JsonTree>[count];
        members.CopyTo(start, copy, 0, count);
        return ImmutableCollectionsMarshal.AsImmutableArray(copy);
    }

    /// <param name="Name">The member's name.</param>
    /// <param name="Get">Reads the property.</param>
    /// <param name="ShouldWrite">Decides, from the object and the value, whether it is written; null where it always is.</param>
    /// <param name="LeavesOutNull">Whether null is not written.</param>
    /// <param name="Shape">How the value is written.</param>
    internal sealed record Property(
        string Name, Func<object, object?> Get, Func<object, object?, bool>? ShouldWrite, bool LeavesOutNull, TypeShape Shape)
    {
        public bool IsLeftOut(object owner, object? value) =>
            (LeavesOutNull && value is null) || (ShouldWrite is not null && !ShouldWrite(owner, value));
    }
}

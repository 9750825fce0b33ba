using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Krmx.State;

/// <summary>An object: its properties, in the order they are written.</summary>
internal sealed class ObjectShape : TypeShape
{
    private Property[] _properties = [];

    /// <summary>Sets the properties; apart from the constructor because a type may contain itself.</summary>
    public void Complete(IEnumerable<Property> properties) => _properties = [.. properties];

    public override JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker)
    {
        var old = beforeTree as JsonMembers;
        KeyValuePair<string, JsonTree>[]? members = null; // made with the first difference: mostly there is none
        int count = 0;
        foreach (Property property in _properties)
        {
            object? part = property.Get(value);
            if (property.IsLeftOut(value, part))
                continue;
            JsonTree? oldTree = old?.Find(property.Name, count);
            object? oldPart = oldTree is null || !property.Shape.NeedsFormerValue ? null : property.Get(before!);
            JsonTree tree = maker.Make(part, property.Shape, oldPart, oldTree);
            if (members is null && !(oldTree is not null && ReferenceEquals(tree, oldTree) && old!.Members[count].Key == property.Name))
            {
                members = new KeyValuePair<string, JsonTree>[_properties.Length];
                old?.Members.AsSpan()[..count].CopyTo(members);
            }
            if (members is not null)
                members[count] = new(property.Name, tree);
            count++;
        }
        if (members is null && old is not null && count == old.Members.Length)
            return old;
        members ??= old is null ? [] : [.. old.Members.AsSpan()[..count]];
        if (count < members.Length)
            Array.Resize(ref members, count);
        return JsonMembers.OfDistinct(ImmutableCollectionsMarshal.AsImmutableArray(members));
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

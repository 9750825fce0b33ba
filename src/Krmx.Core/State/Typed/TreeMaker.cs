using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Krmx.State;

/// <summary>Makes the JSON trees of values, and shares the trees of parts that are the same objects.</summary>
/// <remarks>
/// Two values that have an object in common have its tree in common, be they one user's view before and after, or two users' views; so
/// what did not change costs a comparison of references. It follows that objects must not change once they are part of a view.
/// Trees that changed and are equal, though made of different objects, become one, so that equal views are kept, compared and sent as one.
/// </remarks>
internal sealed class TreeMaker
{
    /// <summary>What fits into a frame of the protocol's depth, with a message and a delta around it.</summary>
    public const int MaxDepth = 56;

    /// <summary>Below so many characters a tree that did not change costs less to make again than to remember.</summary>
    private const int MemorableSize = 256;

    // By shape as well: of one object, a type that it derives from may show less, and to another user.
    private readonly Dictionary<(object Value, TypeShape Shape), JsonTree> _made = new(ByObject.Instance);
    private readonly Dictionary<JsonTree, JsonTree> _changed = [];
    private int _depth;

    /// <summary>The members of the objects that are being made, those of the innermost last; most need no array of their own in the end.</summary>
    public List<KeyValuePair<string, JsonTree>> Members { get; } = [];

    /// <summary>Makes the tree of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">Its type's shape.</param>
    /// <param name="before">A former value of the type.</param>
    /// <param name="beforeTree">The former value's tree; null where there was no former value.</param>
    /// <exception cref="JsonException">The value nests deeper than <see cref="MaxDepth"/>, or contains itself.</exception>
    public JsonTree Make(object? value, TypeShape shape, object? before, JsonTree? beforeTree)
    {
        if (value is null)
            return JsonTree.Null;
        if (shape is LeafShape)
            return shape.ToTree(value, before, beforeTree, this);
        if (before is null)
            beforeTree = null;
        if (beforeTree is not null && shape.AreOneObject(value, before!))
            return beforeTree;
        if (_made.TryGetValue((value, shape), out JsonTree? tree))
            return tree;
        tree = MakeDeeper(value, shape, before, beforeTree);
        bool isChanged = !ReferenceEquals(tree, beforeTree);
        if (isChanged && !_changed.TryAdd(tree, tree))
            tree = _changed[tree];
        if ((isChanged || tree.Size >= MemorableSize) && (shape.WrapsObject || value is not ValueType))
            _made.Add((value, shape), tree);
        return tree;
    }

    /// <summary>Forgets what was made, so that it is not kept alive.</summary>
    public void Clear()
    {
        _made.Clear();
        _changed.Clear();
        Members.Clear(); // there are some where a part could not be made
    }

    private JsonTree MakeDeeper(object value, TypeShape shape, object? before, JsonTree? beforeTree)
    {
        if (_depth == MaxDepth)
            throw new JsonException($"A view may nest {MaxDepth} levels deep; this one has more, or contains itself.");
        _depth++;
        try
        {
            return shape.ToTree(value, before, beforeTree, this);
        }
        finally
        {
            _depth--;
        }
    }

    private sealed class ByObject : IEqualityComparer<(object Value, TypeShape Shape)>
    {
        public static readonly ByObject Instance = new();

        bool IEqualityComparer<(object Value, TypeShape Shape)>.Equals(
            (object Value, TypeShape Shape) x, (object Value, TypeShape Shape) y) =>
            x.Shape == y.Shape && x.Shape.AreOneObject(x.Value, y.Value);

        int IEqualityComparer<(object Value, TypeShape Shape)>.GetHashCode((object Value, TypeShape Shape) made) =>
            made.Shape.WrapsObject ? made.Value.GetHashCode() : RuntimeHelpers.GetHashCode(made.Value);
    }
}

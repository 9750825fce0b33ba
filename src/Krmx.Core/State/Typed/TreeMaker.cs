using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Krmx.State;

/// <summary>Makes the JSON trees of values, and shares the trees of parts that are the same objects.</summary>
/// <remarks>
/// Two values that have an object in common have its tree in common, be they one user's view before and after, or two users' views; so
/// what did not change costs a comparison of references. It follows that objects must not change once they are part of a view.
/// </remarks>
internal sealed class TreeMaker
{
    /// <summary>What fits into a frame of the protocol's depth, with a message and a delta around it.</summary>
    public const int MaxDepth = 56;

    private readonly Dictionary<object, JsonTree> _made = new(ByReference.Instance);
    private int _depth;

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
        if (before is null)
            beforeTree = null;
        if (shape is LeafShape)
            return shape.ToTree(value, before, beforeTree, this);
        if (beforeTree is not null && ReferenceEquals(value, before))
            return beforeTree;
        if (_made.TryGetValue(value, out JsonTree? tree))
            return tree;
        if (_depth == MaxDepth)
            throw new JsonException($"A view may nest {MaxDepth} levels deep; this one has more, or contains itself.");
        _depth++;
        try
        {
            tree = shape.ToTree(value, before, beforeTree, this);
        }
        finally
        {
            _depth--;
        }
        if (!value.GetType().IsValueType)
            _made.Add(value, tree);
        return tree;
    }

    /// <summary>Forgets what was made, so that it is not kept alive.</summary>
    public void Clear() => _made.Clear();

    private sealed class ByReference : IEqualityComparer<object>
    {
        public static readonly ByReference Instance = new();

        bool IEqualityComparer<object>.Equals(object? x, object? y) => ReferenceEquals(x, y);

        int IEqualityComparer<object>.GetHashCode(object value) => RuntimeHelpers.GetHashCode(value);
    }
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Krmx.State;

/// <summary>A JSON value that never changes, so that states can share the parts they have in common.</summary>
/// <remarks>
/// Numbers keep their digits and are equal when their digits are: <c>1</c> and <c>1.0</c> differ. The members of an object keep their
/// order, which does not count when objects are compared; of members that stand twice the last wins. Safe to use from any thread.
/// </remarks>
public abstract partial class JsonTree : IEquatable<JsonTree>
{
    /// <summary>The nesting a tree can have at most: 512 levels.</summary>
    public const int MaxDepth = 512;

    private readonly int _hash;

    private protected JsonTree(int hash, long size, int depth)
    {
        _hash = hash;
        Size = (int)Math.Min(size, int.MaxValue);
        Depth = depth;
    }

    /// <summary>What kind of value this is; never <see cref="JsonValueKind.Undefined"/>.</summary>
    public abstract JsonValueKind Kind { get; }

    /// <summary>The text of a string, the digits of a number, and otherwise null.</summary>
    public virtual string? Text => null;

    /// <summary>The items of an array; empty for anything else.</summary>
    public virtual ImmutableArray<JsonTree> Items => [];

    /// <summary>The members of an object, each name once; empty for anything else.</summary>
    public virtual ImmutableArray<KeyValuePair<string, JsonTree>> Members => [];

    /// <summary>The length of the JSON text, roughly: text counts in UTF-16 units, before any escaping.</summary>
    internal int Size { get; }

    /// <summary>How many arrays and objects lie around the deepest value, this one counted.</summary>
    internal int Depth { get; }

    /// <summary>The member of that name, or null where there is none or this is no object.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    public virtual JsonTree? this[string name] => null;

    /// <summary>Whether both are the same JSON, apart from the order of members.</summary>
    /// <param name="other">The other value.</param>
    public bool Equals(JsonTree? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Size == other.Size && HasEqualContent(other));

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as JsonTree);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => _hash;

    /// <summary>Compares with a value of the same hash and size.</summary>
    private protected abstract bool HasEqualContent(JsonTree other);
}

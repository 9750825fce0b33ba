namespace Krmx.State;

/// <summary>How values of one type become JSON trees.</summary>
internal abstract class TypeShape
{
    /// <summary>The type.</summary>
    public required Type Type { get; init; }

    /// <summary>Whether the values are not objects but wrap one, and are equal when they wrap the same.</summary>
    public virtual bool WrapsObject => false;

    /// <summary>Whether a value is compared with the former value, and not with its tree alone.</summary>
    public virtual bool NeedsFormerValue => true;

    /// <summary>Whether both values are, or wrap, the same object.</summary>
    public bool AreOneObject(object value, object other) => WrapsObject ? value.Equals(other) : ReferenceEquals(value, other);

    /// <summary>Makes the tree of a value, using the tree of a former value where both are the same.</summary>
    /// <param name="value">The value, not null.</param>
    /// <param name="before">The former value, where it is needed.</param>
    /// <param name="beforeTree">The former value's tree; null where there was no former value.</param>
    /// <param name="maker">What makes the parts.</param>
    /// <returns>The former tree itself, where nothing changed.</returns>
    public abstract JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker);
}

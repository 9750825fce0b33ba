namespace Krmx.State;

/// <summary>The difference between two JSON values, in the format of jsondiffpatch 0.5.0 (protocol section 9).</summary>
/// <remarks>
/// A delta is JSON itself. It carries what a value had before as well as what it has now, so never diff two values that one reader may not
/// both see. Safe to use from any thread.
/// </remarks>
public static class JsonDelta
{
    /// <summary>How large a value may grow where no other limit is given: 16 Mi characters of JSON text.</summary>
    public const int DefaultMaxSize = 16 * 1024 * 1024;

    /// <summary>Finds the difference; what both have in common by reference is not looked into.</summary>
    /// <param name="before">The value that the delta will be applied to.</param>
    /// <param name="after">The value that this will give.</param>
    /// <param name="options">How to compare. Default: the defaults.</param>
    /// <returns>The delta, or null when the values are equal.</returns>
    /// <remarks>
    /// Takes time in proportion to the parts that are not shared; in an array, n log n in the items from the first to the last that changed.
    /// </remarks>
    public static JsonTree? Diff(JsonTree before, JsonTree after, JsonDeltaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new DeltaWriter(options ?? new JsonDeltaOptions()).Diff(before, after);
    }

    /// <summary>Applies a delta, and shares with the result what it leaves as it is.</summary>
    /// <param name="value">The value that the delta was made for; it does not change.</param>
    /// <param name="delta">A delta of any origin: all of the format is understood, text diffs and moves included.</param>
    /// <param name="maxSize">How large the result may be, in characters of JSON text, counted roughly. Default: 16 Mi.</param>
    /// <exception cref="JsonDeltaException">
    /// The delta is malformed, was made for another value, or makes the value larger than allowed. Nothing else is thrown, whatever the
    /// delta.
    /// </exception>
    /// <remarks>Takes time in proportion to the delta and to the arrays, objects and texts it changes.</remarks>
    public static JsonTree Apply(JsonTree value, JsonTree delta, int maxSize = DefaultMaxSize)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(delta);
        JsonTree result = new DeltaReader().Apply(value, delta);
        return result.Size <= maxSize
            ? result
            : throw new JsonDeltaException("", $"the result would have {result.Size} characters, and {maxSize} are allowed");
    }
}

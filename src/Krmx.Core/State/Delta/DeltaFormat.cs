using System.Collections.Immutable;
using System.Globalization;

namespace Krmx.State;

/// <summary>
/// The marks of the format: what the last of three numbers says, and what tells the delta of an array from that of an object.
/// </summary>
internal static class DeltaFormat
{
    /// <summary>The member that says that a delta is for an array, by being <see cref="ArrayMark"/>.</summary>
    public const string TypeName = "_t";

    public const string ArrayMark = "a";
    public const string DeletedCode = "0";
    public const string TextCode = "2";
    public const string MovedCode = "3";

    private static readonly JsonTree Zero = JsonTree.Of(0);
    private static readonly JsonTree Empty = JsonTree.Of("");
    private static readonly JsonTree Moving = JsonTree.Of(3);

    public static KeyValuePair<string, JsonTree> ArrayType { get; } = new(TypeName, JsonTree.Of(ArrayMark));

    /// <summary>What stands for an old value that is left out.</summary>
    public static JsonTree Omitted => Zero;

    public static JsonTree Added(JsonTree value) => Tuple(value);

    public static JsonTree Modified(JsonTree old, JsonTree value) => Tuple(old, value);

    public static JsonTree Deleted(JsonTree old) => Tuple(old, Zero, Zero);

    public static JsonTree Moved(int newIndex) => Tuple(Empty, JsonTree.Of(newIndex), Moving);

    /// <summary>The name for an item by its index in the new array.</summary>
    public static string AtNew(int index) => index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The name for an item by its index in the old array.</summary>
    public static string AtOld(int index) => "_" + AtNew(index);

    /// <summary>Reads an index, written as JavaScript writes it: digits without a leading zero.</summary>
    public static bool TryReadIndex(ReadOnlySpan<char> digits, out int index) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out index) && (digits[0] != '0' || digits.Length == 1);

    // Not bounded in depth: a delta is at most one level deeper than the values it was made from.
    private static JsonItems Tuple(params ImmutableArray<JsonTree> parts) => new(parts);
}

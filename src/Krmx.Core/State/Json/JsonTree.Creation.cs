using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Krmx.State;

// Trees that are put together by hand.
public abstract partial class JsonTree
{
    /// <summary>JSON <c>null</c>.</summary>
    public static JsonTree Null { get; } = new JsonScalar(JsonValueKind.Null, "null");

    private static readonly JsonTree True = new JsonScalar(JsonValueKind.True, "true");
    private static readonly JsonTree False = new JsonScalar(JsonValueKind.False, "false");

    /// <summary>Makes a string.</summary>
    /// <param name="text">Any text without lone surrogates.</param>
    /// <exception cref="ArgumentException">The text has a lone surrogate, which no UTF-8 can hold.</exception>
    public static JsonTree Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Utf16.IsWellFormed(text))
            throw new ArgumentException("The text has a lone surrogate.", nameof(text));
        return new JsonScalar(JsonValueKind.String, text);
    }

    /// <summary>Makes a number.</summary>
    /// <param name="number">Its value.</param>
    public static JsonTree Of(long number) => new JsonScalar(JsonValueKind.Number, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes <c>true</c> or <c>false</c>.</summary>
    /// <param name="value">Which of them.</param>
    public static JsonTree Of(bool value) => value ? True : False;

    /// <summary>Makes an array.</summary>
    /// <param name="items">Its items, in order.</param>
    /// <exception cref="KrmxException">The array would be nested deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonTree ArrayOf(IEnumerable<JsonTree> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Bounded(new JsonItems([.. items]));
    }

    /// <summary>Makes an object.</summary>
    /// <param name="members">Its members, in order; of a name that stands twice the last value wins.</param>
    /// <exception cref="ArgumentException">A name has a lone surrogate.</exception>
    /// <exception cref="KrmxException">The object would be nested deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonTree ObjectOf(IEnumerable<KeyValuePair<string, JsonTree>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        ImmutableArray<KeyValuePair<string, JsonTree>> all = [.. members];
        if (all.Any(member => !Utf16.IsWellFormed(member.Key)))
            throw new ArgumentException("A name has a lone surrogate.", nameof(members));
        return Bounded(JsonMembers.Create(all));
    }

    private static JsonTree Bounded(JsonTree tree) =>
        tree.Depth <= MaxDepth ? tree : throw new KrmxException($"cannot nest JSON deeper than {MaxDepth} levels");
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>Whatever is serialized as a whole: numbers, text, and types with converters or rules of their own.</summary>
internal sealed class LeafShape(JsonTypeInfo info) : TypeShape
{
    private readonly bool _isPlain = info.Converter.GetType().Assembly == typeof(JsonSerializer).Assembly;

    /// <inheritdoc/>
    /// <remarks>Reading numbers from an object costs a box each, so the former ones are not read.</remarks>
    public override bool NeedsFormerValue => false;

    public override JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker)
    {
        if (_isPlain)
        {
            switch (value)
            {
                case string text when beforeTree?.Kind == JsonValueKind.String && beforeTree.Text == text:
                    return beforeTree;
                case string text when Utf16.IsWellFormed(text):
                    return JsonTree.Of(text);
                case bool truth:
                    return JsonTree.Of(truth);
                case int number when IsPlainNumber:
                    return OfNumber(number, beforeTree);
                case long number when IsPlainNumber:
                    return OfNumber(number, beforeTree);
            }
        }
        JsonTree tree = JsonTree.Parse(JsonSerializer.SerializeToUtf8Bytes(value, info), TreeMaker.MaxDepth);
        return tree.Equals(beforeTree) ? beforeTree : tree;
    }

    private static JsonTree OfNumber(long number, JsonTree? beforeTree)
    {
        Span<char> digits = stackalloc char[20]; // long.MinValue has so many
        number.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        return beforeTree?.Kind == JsonValueKind.Number && digits[..length].SequenceEqual(beforeTree.Text) ? beforeTree : JsonTree.Of(number);
    }

    private bool IsPlainNumber => ((info.NumberHandling ?? info.Options.NumberHandling) & JsonNumberHandling.WriteAsString) == 0;
}

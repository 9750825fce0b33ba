using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>Whatever is serialized as a whole: numbers, text, and types with converters or rules of their own.</summary>
internal sealed class LeafShape(JsonTypeInfo info) : TypeShape
{
    private readonly bool _isPlain = info.Converter.GetType().Assembly == typeof(JsonSerializer).Assembly;

    public override JsonTree ToTree(object value, object? before, JsonTree? beforeTree, TreeMaker maker)
    {
        if (_isPlain && value is string or bool or int or long)
        {
            if (beforeTree is not null && value.Equals(before))
                return beforeTree;
            switch (value)
            {
                case string text when Utf16.IsWellFormed(text):
                    return JsonTree.Of(text);
                case bool truth:
                    return JsonTree.Of(truth);
                case int or long when IsPlainNumber:
                    return JsonTree.Of(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        JsonTree tree = JsonTree.Parse(JsonSerializer.SerializeToUtf8Bytes(value, info), TreeMaker.MaxDepth);
        return tree.Equals(beforeTree) ? beforeTree : tree;
    }

    private bool IsPlainNumber =>
        ((info.NumberHandling ?? info.Options.NumberHandling) & System.Text.Json.Serialization.JsonNumberHandling.WriteAsString) == 0;
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Krmx.State;

/// <summary>An array.</summary>
internal sealed class JsonItems(ImmutableArray<JsonTree> items) : JsonTree(HashOf(items), SizeOf(items), DepthOf(items))
{
    public override JsonValueKind Kind => JsonValueKind.Array;

    public override ImmutableArray<JsonTree> Items => items;

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (JsonTree item in items)
            item.WriteTo(writer);
        writer.WriteEndArray();
    }

    private protected override bool HasEqualContent(JsonTree other) =>
        other is JsonItems array && items.AsSpan().SequenceEqual(array.Items.AsSpan());

    private static int HashOf(ImmutableArray<JsonTree> items)
    {
        var hash = new HashCode();
        hash.Add(JsonValueKind.Array);
        foreach (JsonTree item in items)
            hash.Add(item.GetHashCode());
        return hash.ToHashCode();
    }

    private static long SizeOf(ImmutableArray<JsonTree> items)
    {
        long size = Math.Max(2, items.Length + 1);
        foreach (JsonTree item in items)
            size += item.Size;
        return size;
    }

    private static int DepthOf(ImmutableArray<JsonTree> items)
    {
        int depth = 0;
        foreach (JsonTree item in items)
            depth = Math.Max(depth, item.Depth);
        return depth + 1;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Krmx.Protocol;

namespace Krmx.State;

// From JSON text and typed values, and back.
public abstract partial class JsonTree
{
    /// <summary>Reads JSON text.</summary>
    /// <param name="utf8Json">Exactly one JSON value, in UTF-8.</param>
    /// <param name="maxDepth">The nesting allowed, from 1 to <see cref="MaxDepth"/>. Default: 64, as for a frame.</param>
    /// <exception cref="JsonException">
    /// The text is not one JSON value, is nested too deeply, or has a string with a lone surrogate.
    /// </exception>
    public static JsonTree Parse(ReadOnlySpan<byte> utf8Json, int maxDepth = FrameReader.DefaultMaxDepth)
    {
        if (maxDepth is < 1 or > MaxDepth)
            throw new ArgumentOutOfRangeException(nameof(maxDepth), maxDepth, $"Must be from 1 to {MaxDepth}.");
        try
        {
            return new JsonTreeReader().Read(utf8Json, maxDepth);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A string is not text: it has invalid UTF-8 or a lone surrogate.", error);
        }
    }

    /// <summary>Reads JSON text, where it is.</summary>
    /// <param name="utf8Json">Exactly one JSON value, in UTF-8.</param>
    /// <param name="tree">The value, where the answer is true.</param>
    /// <returns>Whether <see cref="Parse"/> would not throw.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out JsonTree? tree)
    {
        try
        {
            tree = Parse(utf8Json);
            return true;
        }
        catch (JsonException)
        {
            tree = null;
            return false;
        }
    }

    /// <summary>Serializes a value into a tree.</summary>
    /// <param name="value">The value; null becomes <see cref="Null"/>.</param>
    /// <param name="typeInfo">How to serialize it, from a source-generated context.</param>
    /// <exception cref="JsonException">The value cannot be serialized, or nests deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonTree From<T>(T value, JsonTypeInfo<T> typeInfo) =>
        Parse(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), MaxDepth);

    /// <summary>Deserializes the tree.</summary>
    /// <param name="typeInfo">How to deserialize it, from a source-generated context.</param>
    /// <exception cref="JsonException">The tree is not a <typeparamref name="T"/>.</exception>
    public T? To<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(ToUtf8(), typeInfo);

    /// <summary>Writes the tree.</summary>
    /// <param name="writer">Where to; its depth limit must leave room for this tree.</param>
    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>The tree as JSON text in UTF-8, without whitespace.</summary>
    public byte[] ToUtf8()
    {
        using var buffer = new JsonBuffer();
        WriteTo(buffer.Writer);
        return buffer.ToArray();
    }

    /// <summary>The tree as JSON text.</summary>
    public sealed override string ToString() => FrameWriter.Text.GetString(ToUtf8());
}

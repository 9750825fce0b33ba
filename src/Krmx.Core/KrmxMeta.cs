using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Krmx.Protocol;

namespace Krmx;

/// <summary>
/// What everybody may know of a user beside its name, such as a display name or a colour: a JSON value, told to those who have the extension presence.
/// Protocol section 10.
/// </summary>
/// <remarks>Immutable. Two are equal if their JSON texts are, byte for byte.</remarks>
public sealed class KrmxMeta : IEquatable<KrmxMeta>
{
    /// <summary>How many bytes of JSON in UTF-8 it may have: 1,024.</summary>
    public const int MaxLength = 1024;

    private readonly byte[] _json;

    private KrmxMeta(byte[] json) => _json = json;

    /// <summary>The value as UTF-8 JSON text.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Makes metadata of a value.</summary>
    /// <param name="value">The value; <c>null</c> is no metadata.</param>
    /// <param name="typeInfo">How to serialize it, from a source-generated context.</param>
    /// <returns>The metadata, or null for a value that is null.</returns>
    /// <exception cref="ArgumentException">Its JSON has more than 1,024 bytes.</exception>
    public static KrmxMeta? Create<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, typeInfo);
        if (json.Length > MaxLength)
            throw new ArgumentException($"Metadata may have {MaxLength} bytes of JSON, and this has {json.Length}.", nameof(value));
        return Of(json);
    }

    /// <summary>Makes metadata of a value.</summary>
    /// <param name="value">The value; <c>null</c> is no metadata.</param>
    /// <param name="options">How to serialize it. Default: <see cref="KrmxJson.Options"/>.</param>
    /// <returns>The metadata, or null for a value that is null.</returns>
    /// <exception cref="ArgumentException">Its JSON has more than 1,024 bytes.</exception>
    public static KrmxMeta? Create<T>(T value, JsonSerializerOptions? options = null) => Create(value, KrmxJson.TypeInfo<T>(options));

    /// <summary>Reads the value.</summary>
    /// <param name="typeInfo">How to deserialize it, from a source-generated context.</param>
    /// <exception cref="JsonException">It is no <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(_json, typeInfo);

    /// <summary>Reads the value.</summary>
    /// <param name="options">How to deserialize it. Default: <see cref="KrmxJson.Options"/>.</param>
    /// <exception cref="JsonException">It is no <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(JsonSerializerOptions? options = null) => Deserialize(KrmxJson.TypeInfo<T>(options));

    /// <inheritdoc/>
    public bool Equals(KrmxMeta? other) => other is not null && _json.AsSpan().SequenceEqual(other._json);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KrmxMeta);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = _json.Length;
        foreach (byte unit in _json)
            hash = (hash * 31) + unit;
        return hash;
    }

    /// <summary>The JSON text.</summary>
    public override string ToString() => FrameWriter.Text.GetString(_json);

    /// <summary>Takes one JSON value as metadata, however long it is; null for <c>null</c>.</summary>
    internal static KrmxMeta? Of(byte[] json) => json.AsSpan().SequenceEqual("null"u8) ? null : new KrmxMeta(json);
}

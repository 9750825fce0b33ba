using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Krmx.Protocol;

namespace Krmx;

/// <summary>A message: a type, and a payload of JSON that may be absent (protocol section 2).</summary>
/// <remarks>
/// The payload is kept as the bytes that were on the wire, so numbers keep their digits and an absent payload differs from <c>null</c>.
/// Immutable as long as nobody writes to the memory it was made from.
/// </remarks>
public readonly struct KrmxMessage
{
    internal const string ReservedPrefix = "krmx/";

    private readonly string? _type;

    internal KrmxMessage(string type, ReadOnlyMemory<byte> payload, bool isVolatile = false)
    {
        _type = type;
        Payload = payload;
        IsVolatile = isVolatile;
    }

    /// <summary>Makes a message without a payload.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    public KrmxMessage(string type)
        : this(CheckedType(type), default)
    {
    }

    /// <summary>The type of the message.</summary>
    public string Type => _type ?? "";

    /// <summary>The payload as UTF-8 JSON text; empty when the message has no payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether the message has a payload; a payload of <c>null</c> counts as one.</summary>
    public bool HasPayload => !Payload.IsEmpty;

    /// <summary>
    /// Whether it was sent as one that may be lost, as nobody needs it later. How a message is sent on is for the method that sends it. Protocol section 10.
    /// </summary>
    public bool IsVolatile { get; }

    /// <summary>Whether the type belongs to the protocol, so that applications may not send it.</summary>
    public bool IsReserved => Type.StartsWith(ReservedPrefix, StringComparison.Ordinal);

    /// <summary>Makes a message with a payload that is JSON text already.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <param name="utf8Json">One JSON value in UTF-8; sent byte for byte.</param>
    /// <exception cref="ArgumentException">The text is not one JSON value, or the type has a lone surrogate.</exception>
    public static KrmxMessage FromJson(string type, ReadOnlyMemory<byte> utf8Json)
    {
        if (!FrameReader.IsJson(utf8Json.Span))
            throw new ArgumentException("The payload must be one JSON value in UTF-8.", nameof(utf8Json));
        return new KrmxMessage(CheckedType(type), utf8Json);
    }

    /// <summary>Makes a message with a serialized payload.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <param name="payload">The payload; <c>null</c> is sent as JSON <c>null</c>.</param>
    /// <param name="typeInfo">How to serialize it, from a source-generated context.</param>
    public static KrmxMessage Create<T>(string type, T payload, JsonTypeInfo<T> typeInfo) =>
        new(CheckedType(type), JsonSerializer.SerializeToUtf8Bytes(payload, typeInfo));

    /// <summary>Makes a message with a serialized payload.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <param name="payload">The payload; <c>null</c> is sent as JSON <c>null</c>.</param>
    /// <param name="options">How to serialize it. Default: <see cref="KrmxJson.Options"/>.</param>
    public static KrmxMessage Create<T>(string type, T payload, JsonSerializerOptions? options = null) =>
        Create(type, payload, KrmxJson.TypeInfo<T>(options));

    /// <summary>Reads the payload.</summary>
    /// <param name="typeInfo">How to deserialize it, from a source-generated context.</param>
    /// <exception cref="JsonException">The payload is absent, or is not a <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(JsonTypeInfo<T> typeInfo) =>
        HasPayload ? JsonSerializer.Deserialize(Payload.Span, typeInfo) : throw new JsonException($"The message '{Type}' has no payload.");

    /// <summary>Reads the payload.</summary>
    /// <param name="options">How to deserialize it. Default: <see cref="KrmxJson.Options"/>.</param>
    /// <exception cref="JsonException">The payload is absent, or is not a <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(JsonSerializerOptions? options = null) => Deserialize(KrmxJson.TypeInfo<T>(options));

    /// <summary>The whole message as it stands on the wire.</summary>
    public override string ToString() => FrameWriter.Text.GetString(FrameWriter.Write(this));

    /// <summary>Reads the payload where it is there, is a <typeparamref name="T"/> and is not null.</summary>
    internal bool TryDeserialize<T>(
        JsonTypeInfo<T> typeInfo, [NotNullWhen(true)] out T? payload, [NotNullWhen(false)] out JsonException? error)
    {
        payload = default;
        try
        {
            payload = Deserialize(typeInfo);
            error = payload is null ? new JsonException($"The payload of '{Type}' is null.") : null;
        }
        catch (JsonException refusal)
        {
            error = refusal;
        }
        return error is null;
    }

    internal static void DemandCustom(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (new KrmxMessage(type).IsReserved)
            throw new ArgumentException($"The type '{type}' belongs to the protocol: no message of the application has it.", nameof(type));
    }

    [SuppressMessage("Design", "CA1062", Justification = "Checked by the encoder's own null check.")]
    private static string CheckedType(string type)
    {
        _ = JsonEncodedText.Encode(type, FrameWriter.Escaping);
        return type;
    }
}

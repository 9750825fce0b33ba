using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Krmx.Protocol;

namespace Krmx.State;

/// <summary>What somebody wants to do to a shared state: a type, and a payload of JSON that may be absent (protocol section 9).</summary>
/// <remarks>Made by the factories that a model's <c>When</c> gives back. Also an event of a stream. Immutable.</remarks>
public readonly struct KrmxAction
{
    private readonly string? _type;

    internal KrmxAction(string type, ReadOnlyMemory<byte> payload)
    {
        _type = type;
        Payload = payload;
    }

    /// <summary>Makes an action without a payload.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <exception cref="ArgumentException">The type has a lone surrogate.</exception>
    public KrmxAction(string type)
        : this(Checked(type), default)
    {
    }

    /// <summary>The type of the action.</summary>
    public string Type => _type ?? "";

    /// <summary>The payload as UTF-8 JSON text; empty when the action has none.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether the action has a payload; a payload of <c>null</c> counts as one.</summary>
    public bool HasPayload => !Payload.IsEmpty;

    /// <summary>Makes an action with a serialized payload, for a type that no model of this program knows.</summary>
    /// <param name="type">The type; any text without lone surrogates.</param>
    /// <param name="payload">The payload; <c>null</c> is sent as JSON <c>null</c>.</param>
    /// <param name="typeInfo">How to serialize it, from a source-generated context.</param>
    public static KrmxAction Create<T>(string type, T payload, JsonTypeInfo<T> typeInfo) =>
        new(Checked(type), JsonSerializer.SerializeToUtf8Bytes(payload, typeInfo));

    /// <summary>The type, and the payload where there is one.</summary>
    public override string ToString() => HasPayload ? $"{Type} {FrameWriter.Text.GetString(Payload.Span)}" : Type;

    private static string Checked(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!Utf16.IsWellFormed(type))
            throw new ArgumentException("The type has a lone surrogate.", nameof(type));
        return type;
    }
}

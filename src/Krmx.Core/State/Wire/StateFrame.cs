using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.State;

/// <summary>Writes messages that carry shared state: a type, and a payload of the members added in between.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer writes to memory and holds nothing else.")]
internal sealed class StateFrame
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _writer;

    public StateFrame() =>
        _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = FrameWriter.Escaping, SkipValidation = true });

    /// <summary>Begins a message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="domain">The domain, where it has one.</param>
    public StateFrame Begin(string type, string? domain = null)
    {
        _bytes.Clear();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        _writer.WriteStartObject("payload"u8);
        if (domain is not null)
            _writer.WriteString("domain"u8, domain);
        return this;
    }

    /// <summary>Adds a member; one that is null is left out.</summary>
    public StateFrame With(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            _writer.WriteString(name, text);
        return this;
    }

    /// <summary>Adds a member.</summary>
    public StateFrame With(ReadOnlySpan<byte> name, bool value)
    {
        _writer.WriteBoolean(name, value);
        return this;
    }

    /// <summary>Adds a member.</summary>
    public StateFrame With(ReadOnlySpan<byte> name, JsonTree value)
    {
        _writer.WritePropertyName(name);
        value.WriteTo(_writer);
        return this;
    }

    /// <summary>Adds an action, its payload byte for byte.</summary>
    public StateFrame With(ReadOnlySpan<byte> name, in KrmxAction action)
    {
        _writer.WriteStartObject(name);
        _writer.WriteString("type"u8, action.Type);
        if (action.HasPayload)
        {
            _writer.WritePropertyName("payload"u8);
            _writer.WriteRawValue(action.Payload.Span, skipInputValidation: true);
        }
        _writer.WriteEndObject();
        return this;
    }

    /// <summary>Ends the message.</summary>
    /// <returns>The text of its frame.</returns>
    public byte[] End()
    {
        _writer.WriteEndObject();
        _writer.WriteEndObject();
        _writer.Flush();
        return _bytes.WrittenSpan.ToArray();
    }
}

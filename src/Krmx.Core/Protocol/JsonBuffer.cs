using System.Buffers;
using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>A JSON writer and the bytes it wrote.</summary>
internal sealed class JsonBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public JsonBuffer() => Writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = FrameWriter.Escaping });

    public Utf8JsonWriter Writer { get; }

    /// <summary>Begins a message whose payload is an object.</summary>
    public void BeginMessage(string type)
    {
        Writer.WriteStartObject();
        Writer.WriteString("type"u8, type);
        Writer.WriteStartObject("payload"u8);
    }

    /// <summary>Ends a message that was begun.</summary>
    /// <returns>The text of its frame.</returns>
    public byte[] EndMessage()
    {
        Writer.WriteEndObject();
        Writer.WriteEndObject();
        return ToArray();
    }

    public byte[] ToArray()
    {
        Writer.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => Writer.Dispose();
}

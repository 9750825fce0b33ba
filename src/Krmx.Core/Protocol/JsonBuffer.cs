using System.Buffers;
using System.Text.Json;

namespace Krmx.Protocol;

/// <summary>A JSON writer and the bytes it wrote.</summary>
internal sealed class JsonBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public JsonBuffer() => Writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = FrameWriter.Escaping });

    public Utf8JsonWriter Writer { get; }

    public byte[] ToArray()
    {
        Writer.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => Writer.Dispose();
}

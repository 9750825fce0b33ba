namespace Krmx.Connections;

/// <summary>The way through the framework: always open, and under TLS or HTTP/2 the only one.</summary>
internal sealed class StreamOutput(Stream stream) : IConnectionOutput
{
    /// <remarks>The framework takes 64 KiB, and the socket what it likes.</remarks>
    public bool IsPaced
    {
        set
        {
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes) => 0;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);
}

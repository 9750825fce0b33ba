using Krmx.Connections;

namespace Krmx.FunctionalTests.Server.Connections;

public class PictureReaderTests
{
    // Each kind of head, empty frames, and frames larger than pieces.
    private static readonly ReadOnlyMemory<byte>[] Frames =
        [.. new[] { 0, 1, 125, 126, 0, ushort.MaxValue, ushort.MaxValue + 1 }.Select(length => (ReadOnlyMemory<byte>)Body(length))];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void PiecesOfAnySize_MakeTheWhole(int pieceLength)
    {
        var reader = new PictureReader(Frames);
        var read = new List<byte>();
        byte[] piece = new byte[pieceLength];
        while (!reader.IsAtEnd)
        {
            int length = reader.Read(piece);
            Assert.True(length == pieceLength || reader.IsAtEnd);
            read.AddRange(piece.AsSpan(0, length));
        }

        Assert.Equal(OnTheWire(Frames), read);
        Assert.Equal(0, reader.Read(piece));
    }

    /// <summary>Frames as they stand on the wire.</summary>
    internal static byte[] OnTheWire(params ReadOnlySpan<ReadOnlyMemory<byte>> frames)
    {
        var bytes = new List<byte>();
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        foreach (ReadOnlyMemory<byte> frame in frames)
        {
            bytes.AddRange(head[..FrameHeader.WriteText(head, frame.Length)]);
            bytes.AddRange(frame.Span);
        }
        return [.. bytes];
    }

    private static byte[] Body(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 26)))];
}

namespace Krmx.Connections;

/// <summary>Reads a picture, frames that are never changed, piece by piece as bytes of the wire.</summary>
/// <param name="frames">The texts.</param>
internal sealed class PictureReader(IReadOnlyList<ReadOnlyMemory<byte>> frames)
{
    private int _frame;

    // Of that frame, its head counted.
    private int _bytesRead;

    /// <summary>Whether everything has been read.</summary>
    public bool IsAtEnd => _frame == frames.Count;

    /// <summary>Reads what comes next.</summary>
    /// <returns>How many bytes: the whole piece, unless the end came.</returns>
    public int Read(Span<byte> piece)
    {
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        int length = 0;
        while (length < piece.Length && _frame < frames.Count)
        {
            ReadOnlySpan<byte> body = frames[_frame].Span;
            int headLength = FrameHeader.WriteText(head, body.Length);
            ReadOnlySpan<byte> rest = _bytesRead < headLength ? head[_bytesRead..headLength] : body[(_bytesRead - headLength)..];
            int count = Math.Min(rest.Length, piece.Length - length);
            rest[..count].CopyTo(piece[length..]);
            length += count;
            _bytesRead += count;
            if (_bytesRead == headLength + body.Length)
                (_frame, _bytesRead) = (_frame + 1, 0);
        }
        return length;
    }
}

using System.Buffers;

namespace Krmx.Connections;

/// <summary>What goes before a queue's buffer while a picture is on its way: pictures, and the bytes before and between them, in order.</summary>
/// <remarks>It ends with a picture. Belongs to its queue, and to the lock of that.</remarks>
internal sealed class PictureBacklog
{
    /// <summary>How much of a picture is written at once: more would save no calls that count, and needs a larger buffer.</summary>
    public const int PieceBytes = 16 * 1024;

    private readonly Queue<Part> _parts = new();

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty => _parts.Count == 0;

    /// <summary>How many bytes wait that are not a picture's.</summary>
    public int OtherBytes { get; private set; }

    /// <summary>Adds bytes, and a picture after them.</summary>
    /// <param name="buffer">A pooled buffer, which is taken over; empty for no bytes.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="picture">The texts of the picture's frames.</param>
    public void Add(byte[] buffer, int length, IReadOnlyList<ReadOnlyMemory<byte>> picture)
    {
        if (length > 0)
            _parts.Enqueue(new Part(buffer, length, null));
        OtherBytes += length;
        _parts.Enqueue(new Part([], 0, new PictureReader(picture)));
    }

    /// <summary>Takes the bytes that come next.</summary>
    /// <param name="length">How many they are.</param>
    /// <param name="isPiece">Whether they are a piece of a picture.</param>
    /// <returns>A pooled buffer with them.</returns>
    public byte[] Take(out int length, out bool isPiece)
    {
        Part next = _parts.Peek();
        isPiece = next.Picture is not null;
        if (next.Picture is not PictureReader picture)
        {
            _parts.Dequeue();
            OtherBytes -= next.Length;
            length = next.Length;
            return next.Buffer;
        }
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        length = picture.Read(piece.AsSpan(0, PieceBytes));
        if (picture.IsAtEnd)
            _parts.Dequeue();
        return piece;
    }

    /// <summary>Forgets everything, as nobody is there any more to read it.</summary>
    public void Clear()
    {
        while (_parts.TryDequeue(out Part part))
        {
            if (part.Length > 0)
                ArrayPool<byte>.Shared.Return(part.Buffer);
        }
        OtherBytes = 0;
    }

    /// <summary>Bytes, or a picture.</summary>
    private readonly record struct Part(byte[] Buffer, int Length, PictureReader? Picture);
}

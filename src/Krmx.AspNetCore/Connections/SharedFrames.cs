using System.Buffers;
using System.Runtime.InteropServices;

namespace Krmx.Connections;

/// <summary>The frames of a turn that go to more than one connection: framed once, and kept once for all of them.</summary>
/// <remarks>Belongs to the room's turn; between turns it holds no buffer.</remarks>
internal sealed class SharedFrames
{
    private const int UsualCapacity = 64 * 1024;

    private readonly List<SharedFrame> _volatile = [];
    private byte[] _buffer = [];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Those of the frames that are not for a connection which has not taken what it was sent before; in order.</summary>
    public ReadOnlySpan<SharedFrame> Volatile => CollectionsMarshal.AsSpan(_volatile);

    /// <summary>Whether a frame can be added before the others have been flushed.</summary>
    public bool HasRoomFor(int frameLength) => _length == 0 || _buffer.Length - _length >= frameLength;

    /// <summary>Adds a frame, for which there is room.</summary>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool isVolatile)
    {
        int length = head.Length + body.Length;
        if (_length == 0 && _buffer.Length < length)
            Reserve(length);
        int start = _length;
        head.CopyTo(_buffer.AsSpan(start));
        body.CopyTo(_buffer.AsSpan(start + head.Length));
        _length += length;
        if (isVolatile)
            _volatile.Add(new SharedFrame(start, _length));
    }

    /// <summary>Forgets the frames, which have been flushed.</summary>
    public void Clear()
    {
        _length = 0;
        _volatile.Clear();
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Clear();
    }

    private void Reserve(int length)
    {
        Release();
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, UsualCapacity));
    }
}

/// <summary>Where a shared frame stands.</summary>
internal readonly record struct SharedFrame(int Start, int End);

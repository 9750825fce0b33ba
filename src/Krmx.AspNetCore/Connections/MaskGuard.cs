namespace Krmx.Connections;

/// <summary>Follows the heads of the frames a client sends, to find one without a mask: RFC 6455, section 5.1, wants it refused.</summary>
/// <remarks>The framework's WebSocket finds every other defect itself.</remarks>
internal struct MaskGuard
{
    private const int MaskBit = 0x80;
    private const int MaskLength = 4;
    private const int OpcodeBits = 0xF;
    private const int PongOpcode = 0xA;

    private Part _next;
    private int _lengthBytes;
    private ulong _length;
    private ulong _skip;

    private enum Part
    {
        Opcode,
        Length,
        LongLength,
        Rest,
    }

    /// <summary>Whether there was a pong.</summary>
    public bool HasSeenPong { get; private set; }

    /// <summary>Follows some more bytes.</summary>
    /// <returns>False when a frame among them is not masked; the guard is of no more use then.</returns>
    public bool Allows(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_next == Part.Rest)
            {
                int skipped = (int)Math.Min(_skip, (ulong)bytes.Length);
                Skip((ulong)skipped);
                bytes = bytes[skipped..];
                continue;
            }
            if (!Take(bytes[0]))
                return false;
            bytes = bytes[1..];
        }
        return true;
    }

    private bool Take(byte next)
    {
        switch (_next)
        {
            case Part.Opcode:
                HasSeenPong |= (next & OpcodeBits) == PongOpcode;
                _next = Part.Length;
                return true;
            case Part.Length:
                _length = (ulong)(next & ~MaskBit);
                _lengthBytes = _length switch { 126 => 2, 127 => 8, _ => 0 };
                if (_lengthBytes == 0)
                    ExpectRest();
                else
                    (_length, _next) = (0, Part.LongLength);
                return (next & MaskBit) != 0;
            default:
                _length = (_length << 8) | next;
                if (--_lengthBytes == 0)
                    ExpectRest();
                return true;
        }
    }

    private void ExpectRest()
    {
        // A length of more than 63 bits is refused by the framework, so an overflow here means nothing.
        _skip = unchecked(_length + MaskLength);
        _next = Part.Rest;
    }

    private void Skip(ulong count)
    {
        _skip -= count;
        if (_skip == 0)
            _next = Part.Opcode;
    }
}

namespace Krmx.Connections;

/// <summary>Follows the heads of the frames that a client sends, for what the framework's WebSocket does not tell.</summary>
/// <remarks>
/// It finds a frame without a mask, which RFC 6455, section 5.1, wants refused; every other defect the framework finds itself. And it counts the
/// frames that the framework handles without a word: pings, pongs and small fragments.
/// </remarks>
internal struct ClientFrameHeads
{
    // Of larger fragments the size of a message allows few.
    private const int SmallFragment = 1024;

    private const int FinalBit = 0x80;
    private const int MaskBit = 0x80;
    private const int MaskLength = 4;
    private const int OpcodeBits = 0xF;
    private const int CloseOpcode = 0x8;
    private const int PingOpcode = 0x9;
    private const int PongOpcode = 0xA;

    private Part _next;
    private byte _first;
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

    /// <summary>Whether there was a close frame, to its end.</summary>
    public bool HasSeenClose { get; private set; }

    /// <summary>Whether what was followed ends within a frame of a message.</summary>
    public readonly bool IsInMessage => _next != Part.Opcode && (_first & OpcodeBits) < CloseOpcode;

    /// <summary>How many pings, pongs and small fragments there were since this was last set to zero.</summary>
    public int ExtraFrames { get; set; }

    /// <summary>Follows some more bytes.</summary>
    /// <returns>False when a frame among them is not masked; what follows cannot be followed then.</returns>
    public bool TryFollow(ReadOnlySpan<byte> bytes)
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
                _first = next;
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
        if ((_first & OpcodeBits) is PingOpcode or PongOpcode || ((_first & FinalBit) == 0 && _length < SmallFragment))
            ExtraFrames++;

        // A length of more than 63 bits is refused by the framework, so an overflow here means nothing.
        _skip = unchecked(_length + MaskLength);
        _next = Part.Rest;
    }

    private void Skip(ulong count)
    {
        _skip -= count;
        if (_skip > 0)
            return;
        _next = Part.Opcode;
        HasSeenClose |= (_first & OpcodeBits) == CloseOpcode;
    }
}

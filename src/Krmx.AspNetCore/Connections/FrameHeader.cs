using System.Buffers.Binary;

namespace Krmx.Connections;

/// <summary>The head of a server's WebSocket frame (RFC 6455, section 5.2): never masked, never fragmented.</summary>
internal static class FrameHeader
{
    public const int MaxLength = 10;

    private const byte FinalText = 0x81;
    private const byte FinalClose = 0x88;
    private const byte FinalPing = 0x89;
    private const byte FinalPong = 0x8A;

    /// <summary>A ping without a payload.</summary>
    public static ReadOnlySpan<byte> Ping => [FinalPing, 0];

    /// <summary>A close frame with the code 1002: the peer broke the WebSocket protocol.</summary>
    public static ReadOnlySpan<byte> CloseForProtocolError => [FinalClose, 2, 1002 >> 8, 1002 & 0xFF];

    /// <summary>Whether a frame is a close frame.</summary>
    public static bool IsClose(ReadOnlySpan<byte> frame) => !frame.IsEmpty && frame[0] == FinalClose;

    /// <summary>Whether a frame is a pong.</summary>
    public static bool IsPong(ReadOnlySpan<byte> frame) => !frame.IsEmpty && frame[0] == FinalPong;

    /// <summary>How many bytes the head of a frame has.</summary>
    public static int LengthOf(int payloadLength) => payloadLength switch { < 126 => 2, <= ushort.MaxValue => 4, _ => MaxLength };

    /// <summary>Writes the head of a text frame.</summary>
    /// <returns>How many bytes it has.</returns>
    public static int WriteText(Span<byte> head, int payloadLength)
    {
        head[0] = FinalText;
        switch (payloadLength)
        {
            case < 126:
                head[1] = (byte)payloadLength;
                return 2;
            case <= ushort.MaxValue:
                head[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payloadLength);
                return 4;
            default:
                head[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(head[2..], (ulong)payloadLength);
                return 10;
        }
    }
}

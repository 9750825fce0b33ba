using System.Buffers.Binary;
using System.Text;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>A WebSocket frame as it stands on the wire (RFC 6455, section 5.2), right or wrong.</summary>
internal sealed record WireFrame(int Opcode, byte[] Payload)
{
    public const int Continuation = 0, TextOpcode = 1, Binary = 2, CloseOpcode = 8, PingOpcode = 9, PongOpcode = 10;

    private static readonly byte[] Mask = [0x12, 0x34, 0x56, 0x78];

    public bool IsFinal { get; init; } = true;

    public bool IsMasked { get; init; } = true;

    /// <summary>The three reserved bits, as they stand in the first byte.</summary>
    public int Reserved { get; init; }

    /// <summary>A length to claim instead of the payload's own.</summary>
    public ulong? ClaimedLength { get; init; }

    public string Text => Encoding.UTF8.GetString(Payload);

    public int? CloseCode => Opcode == CloseOpcode && Payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : null;

    public static WireFrame OfText(string text) => new(TextOpcode, Encoding.UTF8.GetBytes(text));

    public static WireFrame OfClose(int code, string reason = "")
    {
        byte[] payload = [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)];
        return new WireFrame(CloseOpcode, payload);
    }

    public byte[] ToBytes()
    {
        var bytes = new List<byte> { (byte)((IsFinal ? 0x80 : 0) | Reserved | Opcode) };
        int maskBit = IsMasked ? 0x80 : 0;
        ulong length = ClaimedLength ?? (ulong)Payload.Length;
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, length);
        if (length < 126)
            bytes.Add((byte)(maskBit | (int)length));
        else if (length <= ushort.MaxValue)
            bytes.AddRange([(byte)(maskBit | 126), .. wide[6..]]);
        else
            bytes.AddRange([(byte)(maskBit | 127), .. wide]);
        if (!IsMasked)
            return [.. bytes, .. Payload];
        bytes.AddRange(Mask);
        return [.. bytes, .. Payload.Select((b, i) => (byte)(b ^ Mask[i % 4]))];
    }
}

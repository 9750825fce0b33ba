using System.Buffers.Binary;

namespace Krmx.Load.Connections;

/// <summary>A frame of a server as it lies in a buffer.</summary>
internal readonly ref struct ServerFrame
{
    private ServerFrame(int opcode, ReadOnlySpan<byte> payload)
    {
        Opcode = opcode;
        Payload = payload;
    }

    public int Opcode { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the frame at the start of some bytes.</summary>
    /// <returns>How many bytes it has; where they are not all there, how many are needed at least, as a negative number.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out ServerFrame frame)
    {
        frame = default;
        if (bytes.Length < 2)
            return -2;
        int length = bytes[1] & 0x7F, head = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < head)
            return -head;
        if (head == 4)
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        else if (head == 10)
            length = checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]));
        int total = checked(head + length);
        if (bytes.Length < total)
            return -total;
        frame = new ServerFrame(bytes[0] & 0xF, bytes[head..total]);
        return total;
    }
}

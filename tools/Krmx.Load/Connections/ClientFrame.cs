using System.Buffers.Binary;
using System.Text;

namespace Krmx.Load.Connections;

/// <summary>Makes the frames of a client: masked with zeros, which leaves the payload as it is (RFC 6455, section 5.3).</summary>
internal static class ClientFrame
{
    public const int Text = 1, Close = 8, Ping = 9, Pong = 10;

    public static byte[] OfText(string text) => Of(Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Of(int opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[10];
        head[0] = (byte)(0x80 | opcode);
        int length = 2;
        if (payload.Length < 126)
        {
            head[1] = (byte)(0x80 | payload.Length);
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            head[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payload.Length);
            length = 4;
        }
        else
        {
            head[1] = 0x80 | 127;
            BinaryPrimitives.WriteUInt64BigEndian(head[2..], (ulong)payload.Length);
            length = 10;
        }
        return [.. head[..length], 0, 0, 0, 0, .. payload];
    }
}

using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Krmx.Storage;

/// <summary>
/// What stores keep of a turn: what the room wrote, behind a checksum over that and over where it belongs. So whatever becomes of a disk, a room is not made from
/// what it has not written.
/// </summary>
internal static class TurnEnvelope
{
    private const byte Version = 1;
    private const int HeadLength = 10;

    public static byte[] Close(RoomKey room, long number, TurnKind kind, ReadOnlySpan<byte> content)
    {
        byte[] bytes = new byte[HeadLength + content.Length];
        bytes[0] = Version;
        bytes[1] = (byte)kind;
        content.CopyTo(bytes.AsSpan(HeadLength));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(2), Checksum(room, number, bytes));
        return bytes;
    }

    /// <summary>Opens an envelope.</summary>
    /// <exception cref="KrmxException">It was not written so, or by a newer version.</exception>
    public static (TurnKind Kind, ReadOnlyMemory<byte> Content) Open(RoomKey room, StoredTurn turn, string what = "turn")
    {
        ReadOnlyMemory<byte> bytes = turn.Bytes;
        if (bytes.Length >= HeadLength && bytes.Span[0] > Version)
            throw new KrmxException($"cannot open the room {room}: a newer version of Krmx wrote it. Nothing that is stored was touched");
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[2..]) != Checksum(room, turn.Number, bytes.Span))
        {
            throw new KrmxException(
                $"cannot open the room {room}: what is stored of its {what} {turn.Number} is damaged, as its checksum tells. Nothing was touched: " +
                "restore a backup of the store, or delete the room");
        }
        return ((TurnKind)bytes.Span[1], bytes[HeadLength..]);
    }

    private static ulong Checksum(RoomKey room, long number, ReadOnlySpan<byte> bytes)
    {
        var hash = new XxHash3();
        hash.Append(Encoding.UTF8.GetBytes($"{room.Route}\n{room.Name}\n{number}\n{bytes[0]}\n{bytes[1]}\n"));
        hash.Append(bytes[HeadLength..]);
        return hash.GetCurrentHashAsUInt64();
    }
}

/// <summary>How a turn came to be stored.</summary>
internal enum TurnKind : byte
{
    /// <summary>Before anybody was told of it.</summary>
    Confirmed = 0,

    /// <summary>While nobody waited for it, so that more may have been told than was stored.</summary>
    Relaxed = 1,

    /// <summary>As the last one before the room was put to rest: there is nothing that is not stored.</summary>
    Last = 2,
}

using System.Buffers.Binary;
using Krmx.Storage;

namespace Krmx.Sqlite;

/// <summary>
/// Looks at SQLite's write-ahead log before SQLite does, which reads it up to the first frame that is not as it was written. That is right where a transaction was being
/// written when the machine lost its power. Where the frame was stored before others, it would cut off without a word what was told long ago.
/// </summary>
/// <remarks>
/// A transaction is written when the one before is on the disk, so frames behind a commit tell that it was stored. What cannot be told is damage to the last transaction:
/// it looks like one that was never finished. The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
/// </remarks>
internal sealed class SqliteLog
{
    private const int HeaderLength = 32, FrameHeaderLength = 24;
    private const uint Magic = 0x377f0682; // and a one at its end where checksums are of big-endian numbers

    private readonly FileStream _file;
    private readonly bool _isBigEndian;
    private readonly ulong _salts;
    private readonly byte[] _frame;

    private SqliteLog(FileStream file, ReadOnlySpan<byte> header)
    {
        _file = file;
        _isBigEndian = (header[3] & 1) != 0;
        _salts = BinaryPrimitives.ReadUInt64BigEndian(header[16..]);
        _frame = new byte[FrameHeaderLength + BinaryPrimitives.ReadInt32BigEndian(header[8..])];
    }

    /// <summary>Refuses a log in which something is damaged that was stored.</summary>
    /// <param name="database">The file that the log belongs to.</param>
    public static void Check(string database)
    {
        string path = database + "-wal";
        if (!File.Exists(path))
            return;
        bool isDamaged;
        try
        {
            isDamaged = IsDamaged(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RoomStoreException($"The log '{path}' of the room store cannot be read: {error.Message}", error);
        }
        if (isDamaged)
        {
            throw new RoomStoreException(
                $"The log '{path}' of the room store is damaged: something that was stored cannot be read, and SQLite would go on without it and without all that followed. " +
                $"Nothing was touched: restore a backup of '{database}', without a log.");
        }
    }

    private static bool IsDamaged(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20);
        Span<byte> header = stackalloc byte[HeaderLength];
        // The header is on the disk before there is anything behind it.
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || file.Length < HeaderLength + FrameHeaderLength)
            return false;
        return !IsHeader(header, out Checksum checksum) || new SqliteLog(file, header).IsDamagedBehind(checksum);
    }

    private static bool IsHeader(ReadOnlySpan<byte> header, out Checksum checksum)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header), pageSize = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        checksum = default(Checksum).Over(header[..24], isBigEndian: (magic & 1) != 0);
        return (magic & ~1u) == Magic && checksum == Checksum.Read(header[24..]) && pageSize is >= 512 and <= 65536;
    }

    /// <summary>Whether there is a commit at or behind the first frame that SQLite would not read, and frames that were written after it.</summary>
    private bool IsDamagedBehind(Checksum checksum)
    {
        bool isRead = true, isCommit = false;
        Checksum stored = checksum; // what the frame before has as its checksum, where `checksum` is what it ought to have
        while (_file.ReadAtLeast(_frame, _frame.Length, throwOnEndOfStream: false) == _frame.Length)
        {
            bool isOfThisLog = BinaryPrimitives.ReadUInt64BigEndian(_frame.AsSpan(8)) == _salts;
            Checksum own = Checksum.Read(_frame.AsSpan(16));
            Checksum next = After(checksum);
            bool follows = own == next || own == After(stored);
            if (isCommit && isOfThisLog && follows)
                return true;
            isRead &= isOfThisLog && own == next;
            isCommit = !isRead && (isOfThisLog || follows) && BinaryPrimitives.ReadUInt32BigEndian(_frame.AsSpan(4)) != 0;
            (checksum, stored) = (next, own);
        }
        return false;
    }

    private Checksum After(Checksum before) =>
        before.Over(_frame.AsSpan(0, 8), _isBigEndian).Over(_frame.AsSpan(FrameHeaderLength), _isBigEndian);

    /// <summary>SQLite's checksum, over what came before as well.</summary>
    private readonly record struct Checksum(uint First, uint Second)
    {
        public static Checksum Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

        public Checksum Over(ReadOnlySpan<byte> bytes, bool isBigEndian)
        {
            (uint first, uint second) = (First, Second);
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                first += Number(bytes, isBigEndian) + second;
                second += Number(bytes[4..], isBigEndian) + first;
            }
            return new Checksum(first, second);
        }

        private static uint Number(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
            isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;

namespace Krmx.Load.Connections;

/// <summary>
/// A socket that gives no more than one TLS record at a time, so that whoever decrypts holds nothing back: what has not been read is in the
/// socket, and readiness tells of it.
/// </summary>
internal sealed class TlsRecords(Socket socket) : Stream
{
    private const int HeaderLength = 5;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerRead;
    private int _left;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        bool isHeader = _left == 0;
        Span<byte> wanted = buffer[..Math.Min(buffer.Length, isHeader ? HeaderLength - _headerRead : _left)];
        int read = Receive(wanted);
        if (!isHeader)
        {
            _left -= read;
            return read;
        }
        wanted[..read].CopyTo(_header.AsSpan(_headerRead));
        _headerRead += read;
        if (_headerRead == HeaderLength)
        {
            _left = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
            _headerRead = 0;
        }
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[socket.Send(buffer, SocketFlags.None, out SocketError error)..];
            if (error == SocketError.WouldBlock)
                socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectWrite);
            else if (error != SocketError.Success)
                throw new IOException("the connection is lost", new SocketException((int)error));
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Receive(Span<byte> buffer)
    {
        while (true)
        {
            int read = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead);
            else if (error != SocketError.Success)
                throw new IOException("the connection is lost", new SocketException((int)error));
            else
                return read;
        }
    }
}

using System.Text;
using Krmx.Connections;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>What a newcomer is told of a whole room: as fast as it takes it, whatever the cap.</summary>
public class PictureTests
{
    private const int Cap = 1000, FrameLength = 900;

    private readonly FakeOutput _socket = new();
    private readonly OutputQueue _queue;
    private readonly ConnectionOutput _output;
    private int _tooSlow;

    public PictureTests()
    {
        _queue = new OutputQueue(new FakeOutput(), _socket, Cap);
        _queue.PeerSent(isPong: false);
        _output = new ConnectionOutput(_queue, () => _tooSlow++);
    }

    [Fact]
    public async Task KeepsTheOrder()
    {
        _socket.Room = int.MaxValue;
        ReadOnlyMemory<byte>[] first = Frames(100), second = Frames(3);
        ReadOnlyMemory<byte> before = Frame("before"), between = Frame("between"), after = Frame("after");

        _output.Append(before.Span);
        _output.Picture(first);
        _output.Append(between.Span);
        _output.Picture(second);
        _output.Append(after.Span);
        var shared = new SharedFrames();
        shared.Add(default, "shared"u8, isVolatile: false);
        _output.Flush(shared);
        Assert.True(_queue.TryAppendControl(FrameHeader.CloseForProtocolError));

        await _queue.DrainAsync().Soon();
        byte[] all =
        [
            .. PictureReaderTests.OnTheWire([before, .. first, between, .. second, after]), .. "shared"u8, .. FrameHeader.CloseForProtocolError,
        ];
        Assert.Equal(Encoding.Latin1.GetString(all), _socket.Written);
        Assert.Equal(0, _tooSlow);
        Assert.False(_queue.HasPicture);
    }

    [Fact]
    public async Task IsReadOnlyAsThePeerTakesIt()
    {
        ReadOnlyMemory<byte>[] frames = Frames(50); // of three pieces
        _output.Picture(frames);
        _output.Flush();

        Assert.True(_socket.IsPaced);
        for (int pieces = 1; pieces <= 3; pieces++)
        {
            await Patience.Until(() => _socket.IsWaiting, "a piece waits");
            Assert.Equal(pieces, _queue.PiecesTaken);
            _socket.Release();
        }

        await _queue.DrainAsync().Soon();
        Assert.All(_socket.Writes, length => Assert.InRange(length, 1, PictureBacklog.PieceBytes));
        Assert.Equal(Encoding.Latin1.GetString(PictureReaderTests.OnTheWire(frames)), _socket.Written);
        Assert.False(_socket.IsPaced);
    }

    [Theory]
    [InlineData(Cap - 4, 0)]
    [InlineData(Cap - 3, 1)]
    public void WhatComesAfterIt_CountsAsEver(int length, int tooSlow)
    {
        _output.Picture(Frames(50));
        _output.Flush();

        _output.Append(new byte[length]);

        Assert.Equal(tooSlow, _tooSlow);
    }

    [Fact]
    public void WhatCameBeforeIt_CountsUntilItIsWritten()
    {
        _output.Append(new byte[900]);
        _output.Picture(Frames(50));
        _output.Flush();

        _output.Append(new byte[100]);

        Assert.Equal(1, _tooSlow);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(50, 1)]
    public void SecondOneWhileTheFirstIsOnItsWay_CountsAsEver(int frames, int tooSlow)
    {
        _output.Picture(Frames(50));
        _output.Flush();
        _output.EndPicture();

        _output.Picture(Frames(frames));

        Assert.Equal(tooSlow, _tooSlow);
    }

    [Fact]
    public void SecondOneInTheSameTurn_CountsAsEver()
    {
        _output.Picture(Frames(50));
        _output.EndPicture();

        _output.Picture(Frames(50));

        Assert.Equal(1, _tooSlow);
    }

    [Fact]
    public async Task SecondOneWhenTheFirstHasBeenSent_IsFree()
    {
        _socket.Room = int.MaxValue;
        _output.Picture(Frames(50));
        _output.Flush();
        await _queue.DrainAsync().Soon();
        _socket.Room = 0;

        _output.Picture(Frames(50));

        Assert.Equal(0, _tooSlow);
    }

    [Fact]
    public void MorePiecesOfOne_AreFreeUntilItEnds()
    {
        _output.Picture(Frames(50));
        _output.Picture(Frames(50));
        _output.EndPicture();
        Assert.Equal(0, _tooSlow);

        _output.Picture(Frames(50));

        Assert.Equal(1, _tooSlow);
    }

    [Fact]
    public void SmallOne_GoesOutInOneWriteWithWhatFollows()
    {
        _socket.Room = int.MaxValue;

        _output.Picture(Frames(1));
        _output.Append("after"u8);
        _output.Flush();

        Assert.Single(_socket.Writes);
    }

    [Fact]
    public async Task WhenTheConnectionIsLost_NothingMoreIsRead()
    {
        _output.Picture(Frames(50));
        _output.Append("after"u8);
        _output.Flush();

        _socket.Break();

        await _queue.DrainAsync().Soon();
        Assert.False(_queue.HasPicture);
        Assert.Equal(1, _queue.PiecesTaken);
        Assert.Empty(_socket.Writes);
    }

    private static ReadOnlyMemory<byte>[] Frames(int count) => [.. Enumerable.Range(0, count).Select(i => Frame(new string((char)('a' + (i % 26)), FrameLength)))];

    private static ReadOnlyMemory<byte> Frame(string text) => Encoding.ASCII.GetBytes(text);
}

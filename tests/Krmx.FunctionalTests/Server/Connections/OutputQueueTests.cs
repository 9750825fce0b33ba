using System.Text;
using Krmx.Connections;

namespace Krmx.FunctionalTests.Server.Connections;

public class OutputQueueTests
{
    private const int Cap = 20;

    private readonly FakeOutput _stream = new();
    private readonly FakeOutput _socket = new() { Room = 1000 };
    private readonly OutputQueue _queue;

    public OutputQueueTests() => _queue = new OutputQueue(_stream, _socket, Cap);

    [Fact]
    public void TheStreamIsUsed_UntilThePeerSentSomething()
    {
        _stream.Room = 100;

        Append("a");
        _queue.Flush();
        _queue.PeerSent(isPong: false);
        Append("b");
        _queue.Flush();

        Assert.Equal("ab", _stream.Written); // the stream had more than the handshake's answer by then, and nothing showed it empty
    }

    [Fact]
    public void TheFirstByteOfThePeer_ShowsThatTheStreamIsEmpty()
    {
        _queue.PeerSent(isPong: false);
        Append("a");
        _queue.Flush();

        Assert.Equal("a", _socket.Written);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void AfterAPing_ItTakesItsPong(bool isPong, bool isDirect)
    {
        _stream.Room = 100;
        Assert.True(_queue.TryAppendPing());
        _queue.Flush();

        _queue.PeerSent(isPong);
        Append("a");
        _queue.Flush();

        Assert.Equal(isDirect, _socket.Written == "a");
    }

    [Fact]
    public void AfterTwoPings_APongShowsNothing()
    {
        _stream.Room = 100;
        _queue.TryAppendPing();
        _queue.TryAppendPing();
        _queue.Flush();

        _queue.PeerSent(isPong: true);
        Append("a");
        _queue.Flush();

        Assert.Equal("", _socket.Written);
    }

    [Fact]
    public void WhileTheStreamIsBeingWrittenTo_ThereIsNoChange()
    {
        _queue.TryAppendPing();
        _queue.Flush();

        _queue.PeerSent(isPong: true);
        _stream.Release();
        Append("a");
        _queue.Flush();

        Assert.Equal("", _socket.Written);
    }

    [Fact]
    public void Frames_GoOutInOneWrite()
    {
        _queue.PeerSent(isPong: false);

        Append("one");
        Append("two");
        _queue.Flush();

        Assert.Equal([6], _socket.Writes);
        Assert.Equal("onetwo", _socket.Written);
    }

    [Theory]
    [InlineData(Cap - 1, true)]
    [InlineData(Cap, true)]
    [InlineData(Cap + 1, false)]
    public void TheCap_IsExact_ForFramesThatGather(int length, bool isTaken)
    {
        Append(new string('x', 5));

        Assert.Equal(isTaken, TryAppend(new string('y', length - 5)));
    }

    [Theory]
    [InlineData(Cap - 1, true)]
    [InlineData(Cap, true)]
    [InlineData(Cap + 1, false)]
    public void TheCap_IsExact_ForSharedFrames(int length, bool isTaken)
    {
        Assert.Equal(isTaken, TryWrite(new string('x', length)));
    }

    [Theory]
    [InlineData(Cap - 1, true)]
    [InlineData(Cap, true)]
    [InlineData(Cap + 1, false)]
    public void TheCap_CountsWhatIsUnderWay_AndNotWhatIsWritten(int length, bool isTaken)
    {
        _queue.PeerSent(isPong: false);
        _socket.Room = 4;
        Assert.True(TryWrite("12345678")); // 4 bytes are left

        Assert.Equal(isTaken, TryAppend(new string('x', length - 4)));
    }

    [Fact]
    public async Task WhatCannotBeWritten_FollowsInOrder()
    {
        _queue.PeerSent(isPong: false);
        _socket.Room = 2;

        Assert.True(TryWrite("abcd"));
        Append("ef");
        Assert.True(TryWrite("gh"));
        Assert.Equal("ab", _socket.Written);
        _socket.Release();
        Assert.Equal("abcd", _socket.Written);
        Task drained = _queue.DrainAsync();
        Assert.False(drained.IsCompleted);
        _socket.Release();

        await drained;
        Assert.Equal("abcdefgh", _socket.Written);
        Assert.Equal([2, 2, 4], _socket.Writes);
    }

    [Fact]
    public void SharedFrames_ComeAfterWhatWaited()
    {
        _queue.PeerSent(isPong: false);

        Append("a");
        Assert.True(TryWrite("b"));

        Assert.Equal("ab", _socket.Written);
    }

    [Fact]
    public void AfterACloseFrame_NothingFollows()
    {
        _queue.PeerSent(isPong: false);

        Assert.True(_queue.TryAppendControl(FrameHeader.CloseForProtocolError));
        Assert.True(TryWrite("late"));
        Append("later");
        _queue.Flush();

        Assert.Equal([FrameHeader.CloseForProtocolError.Length], _socket.Writes);
    }

    private void Append(string frame) => Assert.True(TryAppend(frame));

    private bool TryAppend(string frame) => _queue.TryAppend(Encoding.ASCII.GetBytes(frame), default);

    private bool TryWrite(string frames) => _queue.TryWrite(Encoding.ASCII.GetBytes(frames));
}

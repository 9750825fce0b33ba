using System.Text;
using Krmx.Connections;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>Protocol section 10: a volatile frame is lost where the peer has not taken what came before, and nothing else is.</summary>
public class VolatileFrameTests
{
    private readonly FakeOutput _socket = new() { Room = 1000 };
    private readonly OutputQueue _queue;
    private readonly ConnectionOutput _output;
    private readonly SeatGroup _seats = new();

    public VolatileFrameTests()
    {
        _queue = new OutputQueue(new FakeOutput(), _socket, 1000);
        _queue.PeerSent(isPong: false);
        _output = new ConnectionOutput(_queue, static () => Assert.Fail("too slow"));
        _seats.Sit(_output);
    }

    [Fact]
    public void PeerThatKeepsUp_IsSentAll()
    {
        Share("a", "b!", "c");
        Assert.Equal("ab!c", _socket.Written);
    }

    [Fact]
    public void PeerThatIsBehind_IsSentWhatIsNotVolatile()
    {
        _socket.Room = 0;
        Share("a", "b!");
        Share("c!", "d", "e!", "f", "g!");
        Release();
        Share("h!");
        Assert.Equal("ab!dfh!", _socket.Written);
    }

    [Fact]
    public void FramesOfItsOwn_StandWhereTheyWereSent()
    {
        _socket.Room = 0;
        Share("a");
        Share("b!", "c");
        _output.Append("own"u8, isVolatile: true);
        _output.Append("d"u8);
        _output.Flush();
        Release();
        Assert.Equal("acd", Text(_socket.Written));
    }

    [Fact]
    public void StretchThatEndsBeforeAFrameOfItsOwn_IsWithoutWhatIsVolatile()
    {
        _socket.Room = 0;
        Share("a");
        Add("b!", "c");
        _output.KeepStretch();
        Add("d!", "e");
        _seats.Flush();
        _seats.Shared.Clear();
        Release();
        Assert.Equal("ace", _socket.Written);
    }

    /// <summary>The peer reads again.</summary>
    private void Release()
    {
        _socket.Room = 1000;
        _socket.Release();
    }

    private static string Text(string written) => new([.. written.Where(static c => c is >= 'a' and <= 'z')]);

    /// <summary>What a turn shares; an exclamation mark says that a frame is volatile.</summary>
    private void Share(params string[] frames)
    {
        Add(frames);
        _seats.Flush();
        _seats.Shared.Clear();
    }

    private void Add(params string[] frames)
    {
        foreach (string frame in frames)
            _seats.Shared.Add(default, Encoding.ASCII.GetBytes(frame), isVolatile: frame.EndsWith('!'));
    }
}

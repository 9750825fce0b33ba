using BenchmarkDotNet.Attributes;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.MicroBench;

/// <summary>A room of so many users: a message that all are sent, and a user who goes and comes.</summary>
[MemoryDiagnoser]
public class RoomBenchmarks
{
    private static readonly InboundFrame Message = InboundFrame.Parse(FrameWriter.Write(KrmxMessage.Create("load/message", "hello")));
    private static readonly InboundFrame Unlink = InboundFrame.Parse(FrameWriter.Write(new KrmxMessage("krmx/unlink")));

    private readonly CountingOutput _output = new();
    private KrmxRoomCore _server = null!;
    private IRoomInput _input = null!;

    [Params(8, 200, 2000)]
    public int Users { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _server = new KrmxRoomCore(new KrmxRoomOptions(), _output);
        _server.OnMessage((_, message) => _server.Broadcast(message));
        _input = _server;
        _input.Starting();
        _input.Listening(0);
        for (int i = 0; i < Users; i++)
        {
            _input.ConnectionOpened(new ConnectionId(i));
            _input.FrameReceived(new ConnectionId(i), Link(i));
        }
    }

    [Benchmark]
    public long Broadcast()
    {
        _input.FrameReceived(new ConnectionId(0), Message);
        return _output.Frames;
    }

    [Benchmark]
    public long UnlinkAndLink()
    {
        _input.FrameReceived(new ConnectionId(Users / 2), Unlink);
        _input.FrameReceived(new ConnectionId(Users / 2), Link(Users / 2));
        return _output.Frames;
    }

    private static InboundFrame Link(int user) => InboundFrame.Parse(FrameWriter.Write(
        KrmxMessage.FromJson("krmx/link", System.Text.Encoding.UTF8.GetBytes($$"""{"username":"user{{user}}","version":"0.6.0"}"""))));
}

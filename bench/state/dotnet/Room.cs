using System.Text;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.StateBench;

/// <summary>A server with so many linked users, and nothing around it: frames go in and come out.</summary>
internal sealed class Room
{
    private readonly KrmxRoomCore _server;
    private readonly int _users;
    private int _dispatches;

    public Room(int users, Action<KrmxRoomCore> configure)
    {
        _users = users;
        _server = new KrmxRoomCore(new KrmxRoomOptions(), Output);
        configure(_server);
        Input.Starting();
        Input.Listening(0);
        Output.Recipient = (connection, frame) => Seats.Receive(connection, frame);
        for (int i = 0; i < users; i++)
        {
            var connection = new ConnectionId(i);
            Input.ConnectionOpened(connection);
            Receive(connection, Encoding.UTF8.GetBytes(
                $$$"""{"type":"krmx/link","payload":{"username":"{{{Work.UserName(i)}}}","version":"0.6.0"}}"""));
        }
    }

    public CountingOutput Output { get; } = new();

    /// <summary>What the users see, as long as frames are given to them.</summary>
    public Seats Seats { get; } = new();

    private IRoomInput Input => _server;

    /// <summary>Dispatches what is next, from the frame that comes in to those that go out.</summary>
    public void Dispatch()
    {
        int number = _dispatches++;
        Receive(new ConnectionId(number % _users), Work.Frame(number));
    }

    private void Receive(ConnectionId connection, byte[] frame) => Input.FrameReceived(connection, InboundFrame.Parse(frame));
}

using System.Text;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.State.Tests.Durable;

/// <summary>A durable room by itself: what its turns write is kept, and it can be made of that again.</summary>
internal sealed class DurableRoom : IRoomDiagnostics
{
    private readonly RoomEffects _effects = new();
    private SeatTable _seats = new();
    private readonly Action<KrmxRoomCore> _configure;
    private readonly Dictionary<ConnectionId, string> _users = [];
    private List<ReadOnlyMemory<byte>> _turns = [];
    private long _lastConnection;
    private bool _isFirst;

    public DurableRoom(Action<KrmxRoomCore> configure)
    {
        _configure = configure;
        Make();
    }

    public KrmxRoomCore Room { get; private set; } = null!;

    /// <summary>What each user's connections were sent.</summary>
    public Dictionary<string, List<string>> Received { get; } = [];

    /// <summary>All that was written, a snapshot never taking the place of turns.</summary>
    public List<ReadOnlyMemory<byte>> History { get; } = [];

    /// <summary>How many bytes the last turn wrote.</summary>
    public int LastWritten { get; private set; }

    private IRoomInput Input => Room;

    public ConnectionId Link(string username)
    {
        ConnectionId connection = Connect(username);
        Receive(connection, $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"0.6.0"}}""");
        return connection;
    }

    /// <summary>Links with a session, which goes on where it left off.</summary>
    /// <param name="username">The user.</param>
    /// <param name="attempt">1 begins the session; its client has had nothing since.</param>
    public ConnectionId Resume(string username, int attempt)
    {
        ConnectionId connection = Connect(username);
        string resume = attempt == 1 ? "" : ",\"session\":1,\"received\":0";
        Receive(connection, $$$$"""{"type":"krmx/link","payload":{"username":"{{{{username}}}}","version":"0.6.0","extensions":["resume"],"resume":{"key":"3f0c9a66d1b84e57","attempt":{{{{attempt}}}}{{{{resume}}}}}}}""");
        return connection;
    }

    public void Receive(ConnectionId connection, string frame)
    {
        Input.FrameReceived(connection, InboundFrame.Parse(Encoding.UTF8.GetBytes(frame)));
        EndTurn();
    }

    /// <summary>Puts the room to rest, in as many turns as its connections take to close.</summary>
    /// <param name="meanwhile">What happens in between.</param>
    public void Rest(Action meanwhile)
    {
        Input.Rest(CloseCode.ServiceRestart);
        EndTurn();
        meanwhile();
        EndTurn();
        foreach (ConnectionId connection in _users.Keys)
            Input.ConnectionClosed(connection);
        if (Input.TakeRecord(isLast: true) is ReadOnlyMemory<byte> written)
            _turns.Add(written);
        Make();
    }

    public void Unlink(ConnectionId connection) => Receive(connection, """{"type":"krmx/unlink"}""");

    /// <summary>Does something in a turn.</summary>
    public void Do(Action<KrmxRoomCore> action)
    {
        action(Room);
        EndTurn();
    }

    /// <summary>Has all that was written so far stand in a snapshot.</summary>
    public void Snapshot()
    {
        EndTurn();
        _turns = [Input.TakeSnapshot()];
    }

    /// <summary>Makes the room of what was written.</summary>
    public void Restart() => Make();

    void IRoomDiagnostics.Rejected(ConnectionId connection, RejectionKind kind, string reason) => throw new InvalidOperationException(reason);

    void IRoomDiagnostics.ProtocolViolated(ConnectionId connection, string username, string? messageType) => throw new InvalidOperationException(messageType);

    void IRoomDiagnostics.PayloadRefused(string username, string messageType, Exception error) => throw error;

    void IRoomDiagnostics.ListenerFailed(string eventName, Exception error) => throw error;

    private ConnectionId Connect(string username)
    {
        var connection = new ConnectionId(++_lastConnection);
        _users[connection] = username;
        Input.ConnectionOpened(connection);
        return connection;
    }

    private void Make()
    {
        _effects.Clear();
        _users.Clear();
        _seats = new SeatTable();
        _isFirst = true;
        Room = new Core(_effects, this, new RoomMemory(DateTimeOffset.UnixEpoch, _turns));
        _configure(Room);
        Input.Open();
        Input.Opened();
        EndTurn();
    }

    private void EndTurn()
    {
        Input.EndTurn();
        ReadOnlyMemory<byte>? record = Input.TakeRecord();
        if (record is ReadOnlyMemory<byte> written)
        {
            _turns.Add(written);
            LastWritten = written.Length;
        }
        if (RoomHistory.Add(record, _effects.InOrder, _isFirst) is ReadOnlyMemory<byte> kept)
        {
            History.Add(kept);
            _isFirst = false;
        }
        foreach (ref readonly RoomEffect effect in _effects.InOrder)
        {
            _seats.Follow(effect);
            foreach (ConnectionId receiver in _seats.Receivers(effect))
            {
                if (!Received.TryGetValue(_users[receiver], out List<string>? received))
                    Received.Add(_users[receiver], received = []);
                received.AddRange(SeatTable.Frames(effect).Select(static frame => Encoding.UTF8.GetString(frame.Span)));
            }
        }
        _effects.Clear();
    }

    /// <summary>A room whose requests can be answered later.</summary>
    internal sealed class Core(RoomEffects effects, IRoomDiagnostics diagnostics, RoomMemory memory)
        : KrmxRoomCore(new KrmxRoomOptions(), effects, diagnostics, memory: memory)
    {
        public IDisposable OnRequest(string type, Action<RoomReply<int>> handler) => HandleRequests<int, int>(type, (_, _, reply) => handler(reply));
    }
}

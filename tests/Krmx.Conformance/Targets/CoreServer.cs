using Krmx.Conformance.Harness;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Conformance.Targets;

/// <summary>The core by itself: in memory, and nothing ever waits.</summary>
internal sealed class CoreServer : IServerUnderTest, IRoomDiagnostics
{
    private readonly Dictionary<ConnectionId, Connection> _connections = [];
    private readonly Queue<ConnectionId> _closing = new();
    private readonly List<AttemptId> _undecided = [];
    private readonly RoomEffects _effects = new();
    private readonly SeatTable _seats = new();
    private readonly KrmxRoomCore _server;
    private readonly Application _application;
    private long _lastConnection;
    private TimeSpan _now;

    public CoreServer(ServerSetup setup)
    {
        _server = new KrmxRoomCore(setup.ToOptions(new KrmxRoomOptions()), _effects, this);
        _application = new Application(_server, setup);
        Input.AsksAuthentication = true;
        Input.Open();
        Input.Opened();
    }

    public ProtocolVersion Version => ProtocolVersion.Current;

    public Uri? Uri => null;

    private IRoomInput Input => _server;

    public Task<IRawConnection> ConnectAsync(string pathAndQuery)
    {
        var connection = new Connection(this, new ConnectionId(++_lastConnection));
        _connections.Add(connection.Id, connection);
        Give(input => input.ConnectionOpened(connection.Id));
        return Task.FromResult<IRawConnection>(connection);
    }

    public Task<string?> CallAsync(AppCall call)
    {
        string? refusal = null;
        Give(_ => refusal = _application.Call(call));
        return Task.FromResult(refusal);
    }

    public Task<string> UsersAsync() => Task.FromResult(_application.Users);

    public Task<IReadOnlyList<string>> EventsAsync() => Task.FromResult<IReadOnlyList<string>>([.. _application.Events]);

    public Task DecideAsync(string? refusal)
    {
        AttemptId attempt = _undecided[0];
        _undecided.RemoveAt(0);
        Give(input => input.AuthenticationCompleted(attempt, refusal is null ? LinkResult.Accept : LinkResult.Reject(refusal)));
        return Task.CompletedTask;
    }

    public Task PassTimeAsync(TimeSpan time)
    {
        _now += time;
        Give(input => input.Advance(_now));
        return Task.CompletedTask;
    }

    public Task<int> UndecidedAsync() => Task.FromResult(_undecided.Count);

    public Task BeginCloseAsync()
    {
        Give(input => input.Close());
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => default;

    void IRoomDiagnostics.Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    void IRoomDiagnostics.ProtocolViolated(ConnectionId connection, string username, string? messageType)
    {
    }

    void IRoomDiagnostics.PayloadRefused(string username, string messageType, Exception error)
    {
    }

    void IRoomDiagnostics.ListenerFailed(string eventName, Exception error) => Assert.Equal(Application.Deliberate, error.Message);

    private static string FrameText(ReadOnlyMemory<byte> frame) => System.Text.Encoding.UTF8.GetString(frame.Span);

    private void Give(Action<IRoomInput> input)
    {
        input(_server);
        Take();
        while (_closing.TryDequeue(out ConnectionId closed))
        {
            Input.ConnectionClosed(closed);
            Take();
        }
    }

    private void Take()
    {
        do
        {
            RoomEffect[] effects = [.. _effects.InOrder];
            _effects.Clear();
            foreach (RoomEffect effect in effects)
                Do(effect);
            Input.EndTurn();
        }
        while (!_effects.InOrder.IsEmpty);
    }

    private void Do(in RoomEffect effect)
    {
        _seats.Follow(effect);
        foreach (ConnectionId receiver in _seats.Receivers(effect))
        {
            foreach (ReadOnlyMemory<byte> frame in SeatTable.Frames(effect))
                _connections[receiver].Add(FrameText(frame));
        }
        switch (effect.Kind)
        {
            case RoomEffectKind.Close:
                _connections[effect.Connection].Add($"close {(int)effect.CloseCode}");
                _closing.Enqueue(effect.Connection);
                break;
            case RoomEffectKind.Challenge:
                Input.ConnectionAnswered(effect.Connection);
                break;
            case RoomEffectKind.CancelAuthentication:
                _undecided.Remove(effect.Attempt);
                break;
            case RoomEffectKind.Authenticate when effect.Request.Auth == "later":
                _undecided.Add(effect.Attempt);
                break;
            case RoomEffectKind.Authenticate:
                // What is made of an authenticator that throws.
                string? auth = effect.Request.Auth;
                Input.AuthenticationCompleted(effect.Attempt, auth == "throw" ? default : Application.Authenticate(auth));
                break;
        }
    }

    private sealed class Connection(CoreServer server, ConnectionId id) : IRawConnection
    {
        private readonly Queue<string> _received = new();

        public ConnectionId Id => id;

        public void Add(string frame) => _received.Enqueue(frame);

        public Task SendTextAsync(ReadOnlyMemory<byte> utf8) => Give(InboundFrame.Parse(utf8));

        public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes) => Give(InboundFrame.Invalid(bytes.Length));

        public Task<string?> ReceiveAsync() => Task.FromResult(_received.TryDequeue(out string? frame) ? frame : null);

        public Task CloseAsync()
        {
            server.Give(input => input.ConnectionClosed(id));
            return Task.CompletedTask;
        }

        public Task AbortAsync() => CloseAsync();

        public ValueTask DisposeAsync() => default;

        private Task Give(InboundFrame frame)
        {
            server.Give(input => input.FrameReceived(id, frame));
            return Task.CompletedTask;
        }
    }
}

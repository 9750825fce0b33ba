using Krmx.Conformance.Harness;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Conformance.Targets;

/// <summary>The core by itself: in memory, and nothing ever waits.</summary>
internal sealed class CoreServer : IServerUnderTest, IRoomOutput
{
    private readonly Dictionary<ConnectionId, Connection> _connections = [];
    private readonly Queue<ConnectionId> _closing = new();
    private readonly List<AttemptId> _undecided = [];
    private readonly KrmxRoomCore _server;
    private readonly Application _application;
    private long _lastConnection;

    public CoreServer(ServerSetup setup)
    {
        _server = new KrmxRoomCore(setup.ToOptions(new KrmxRoomOptions()), this);
        _application = new Application(_server, setup);
        Input.Starting();
        Input.Listening(0);
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

    public Task<string?> CallAsync(AppCall call) => Task.FromResult(_application.Call(call));

    public Task<string> UsersAsync() => Task.FromResult(_application.Users);

    public Task<IReadOnlyList<string>> EventsAsync() => Task.FromResult<IReadOnlyList<string>>([.. _application.Events]);

    public Task DecideAsync(string? refusal)
    {
        AttemptId attempt = _undecided[0];
        _undecided.RemoveAt(0);
        Give(input => input.AuthenticationCompleted(attempt, refusal is null ? LinkResult.Accept : LinkResult.Reject(refusal)));
        return Task.CompletedTask;
    }

    public Task ExpireAuthenticationsAsync()
    {
        for (long id = 1; id <= _lastConnection; id++)
            Give(input => input.AuthenticationTimedOut(new AttemptId(id)));
        return Task.CompletedTask;
    }

    public Task<int> UndecidedAsync() => Task.FromResult(_undecided.Count);

    public Task BeginCloseAsync()
    {
        Give(input => input.Close());
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => default;

    void IRoomOutput.Send(ConnectionId connection, ReadOnlyMemory<byte> frame) => _connections[connection].Add(FrameText(frame));

    void IRoomOutput.Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
    {
        foreach (ConnectionId connection in connections)
            _connections[connection].Add(FrameText(frame));
    }

    void IRoomOutput.Close(ConnectionId connection, CloseCode code, string description)
    {
        _connections[connection].Add($"close {(int)code}");
        _closing.Enqueue(connection);
    }

    LinkResult? IRoomOutput.Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout)
    {
        if (request.Auth == "later")
        {
            _undecided.Add(attempt);
            return null;
        }
        // What a host makes of an authenticator that throws.
        return request.Auth == "throw" ? default(LinkResult) : Application.Authenticate(request.Auth);
    }

    void IRoomOutput.CancelAuthentication(AttemptId attempt) => _undecided.Remove(attempt);

    void IRoomOutput.Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
    }

    void IRoomOutput.ProtocolViolated(ConnectionId connection, string username, string? messageType)
    {
    }

    void IRoomOutput.PayloadRefused(string username, string messageType, Exception error)
    {
    }

    void IRoomOutput.ListenerFailed(string eventName, Exception error) => Assert.Equal(Application.Deliberate, error.Message);

    private static string FrameText(ReadOnlyMemory<byte> frame) => System.Text.Encoding.UTF8.GetString(frame.Span);

    private void Give(Action<IRoomInput> input)
    {
        input(_server);
        while (_closing.TryDequeue(out ConnectionId closed))
            Input.ConnectionClosed(closed);
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

using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Testing;

/// <summary>A server in memory, for tests: no sockets, no threads, and a clock that only tests move.</summary>
/// <remarks>
/// Configure it as any server, then call <see cref="Listen"/>. What is sent waits until <see cref="Deliver"/> is called, or is delivered
/// frame by frame by the clients, so a test decides what crosses with what. Everybody may be anybody. Not for use from several threads.
/// </remarks>
public sealed class TestRoom : KrmxRoomCore
{
    private readonly TestOutput _output;
    private readonly List<TestClient> _clients = [];
    private readonly List<Timer> _timers = [];
    private long _lastConnection;

    /// <summary>Makes a room that does not listen yet.</summary>
    /// <param name="options">What it allows. Default: the defaults.</param>
    public TestRoom(KrmxRoomOptions? options = null)
        : this(options ?? new KrmxRoomOptions(), new TestOutput())
    {
    }

    private TestRoom(KrmxRoomOptions options, TestOutput output)
        : base(options, output) => _output = output;

    /// <summary>How long the room has been there, in virtual time.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>What listeners, handlers and views of the server and its clients have thrown, in order.</summary>
    public IReadOnlyList<Exception> Failures => FailureList;

    /// <summary>What the server or its clients did not understand, in order.</summary>
    public IReadOnlyList<string> Refusals => RefusalList;

    internal List<Exception> FailureList => _output.Failures;

    internal List<string> RefusalList => _output.Refusals;

    private IRoomInput Input => this;

    /// <summary>Opens the room.</summary>
    public void Listen()
    {
        Input.Starting();
        Input.Listening(0);
    }

    /// <summary>Makes a client that is connected.</summary>
    public TestClient Connect()
    {
        var client = new TestClient(this);
        _clients.Add(client);
        client.Connect();
        return client;
    }

    /// <summary>Makes a client that is linked, and delivers all that is under way.</summary>
    /// <param name="username">The user it is.</param>
    /// <param name="configure">Attaches to the client what must be there before it links. Default: nothing.</param>
    public TestClient Link(string username, Action<TestClient>? configure = null)
    {
        TestClient client = Connect();
        configure?.Invoke(client);
        client.Link(username);
        Deliver();
        return client;
    }

    /// <summary>Delivers frames, in turn to the server and to each client, until none is under way.</summary>
    public void Deliver()
    {
        bool isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            foreach (TestClient client in _clients.ToArray())
                isBusy |= client.DeliverToServer() | client.DeliverToClient();
        }
    }

    /// <summary>Lets time pass; timers that are due end in their order.</summary>
    /// <param name="time">How much; not negative.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        TimeSpan end = Now + time;
        while (_timers.Where(timer => timer.Due <= end).MinBy(static timer => timer.Due) is Timer next)
        {
            _timers.Remove(next);
            Now = next.Due;
            next.Elapsed();
        }
        Now = end;
    }

    internal IDisposable StartTimer(TimeSpan due, Action elapsed)
    {
        var timer = new Timer(this, Now + due, elapsed);
        _timers.Add(timer);
        return timer;
    }

    internal ConnectionId Open(TestClient client)
    {
        var connection = new ConnectionId(++_lastConnection);
        _output.Clients.Add(connection, client);
        Input.ConnectionOpened(connection);
        return connection;
    }

    internal void Receive(ConnectionId connection, byte[] frame) => Input.FrameReceived(connection, InboundFrame.Parse(frame));

    internal void Close(ConnectionId connection)
    {
        _output.Clients.Remove(connection);
        Input.ConnectionClosed(connection);
    }

    private sealed record Timer(TestRoom Room, TimeSpan Due, Action Elapsed) : IDisposable
    {
        public void Dispose() => Room._timers.RemoveAll(timer => ReferenceEquals(timer, this));
    }
}

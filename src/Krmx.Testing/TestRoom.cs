using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using Krmx.Contracts;
using Krmx.Diagnostics;
using Krmx.Protocol;
using Krmx.Rooms;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.Testing;

/// <summary>A room in memory, for tests: the same room as in production, without sockets or threads, and with a clock that only the test moves.</summary>
/// <remarks>
/// Set it up as any room, then call <see cref="Open()"/>. What is sent waits until <see cref="Deliver"/> is called, or is delivered frame by frame by
/// the clients, so a test decides what crosses with what. The test itself counts as a turn of the room and may use its members. Not for use from
/// several threads, but listeners may wait for work of other threads: see <see cref="DeliverAsync"/>.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Close disposes of the services, as the end of a room does.")]
public sealed class TestRoom
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    // As in production, by default.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly TestTime _time = new();
    private readonly TestTurns _turns = new();
    private readonly TestLogger _logger = new();
    private readonly TestGateway _gateway = new();
    private readonly List<TestClient> _clients = [];
    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;
    private Task? _opening;
    private Task? _closing;

    /// <summary>Makes a room that is not open yet.</summary>
    /// <param name="configure">Sets the room up, as for <c>MapKrmx</c>. Default: nothing.</param>
    /// <param name="options">What it allows. Default: the defaults.</param>
    /// <param name="services">
    /// Adds services that the room finds in <see cref="KrmxRoom.Services"/>, and handlers in their constructors. There are the clock, as a
    /// <see cref="TimeProvider"/>, and loggers that write nowhere.
    /// </param>
    /// <param name="name">The room's name. Default: empty.</param>
    public TestRoom(
        Action<KrmxRoom>? configure = null, KrmxRoomOptions? options = null, Action<IServiceCollection>? services = null, string name = "")
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(_time);
        collection.AddMetrics();
        collection.AddLogging();
        collection.AddScoped<RoomHandlers>();
        services?.Invoke(collection);
        _services = collection.BuildServiceProvider(validateScopes: true);
        _scope = _services.CreateAsyncScope();
        var environment = new RoomEnvironment(
            _logger, new RoomMetrics(_services.GetRequiredService<IMeterFactory>()), _time, _turns.Add)
        {
            IsDrivenByTest = true,
        };
        Room = new KrmxRoom(name, "test", options ?? new KrmxRoomOptions(), _scope.ServiceProvider, environment);
        configure?.Invoke(Room);
    }

    /// <summary>The room.</summary>
    public KrmxRoom Room { get; }

    /// <summary>The room's clock, for the application's own delays and timers; it is among the room's services, too.</summary>
    public TimeProvider Time => _time;

    /// <summary>How long the room has been there, in virtual time.</summary>
    public TimeSpan Now => _time.Now;

    /// <summary>Whether the room has closed, its async listeners have ended, and its services are disposed of.</summary>
    public bool IsClosed => _closing is { IsCompletedSuccessfully: true };

    /// <summary>What listeners, handlers and views of the room and its clients have thrown, in order.</summary>
    public IReadOnlyList<Exception> Failures => _logger.Failures;

    /// <summary>What the room or its clients did not understand, or refused, in order.</summary>
    public IReadOnlyList<string> Refusals => _logger.Refusals;

    internal List<Exception> FailureList => _logger.Failures;

    internal List<string> RefusalList => _logger.Refusals;

    /// <summary>Makes a room with a handler of the application, which is made as in production: its constructor gets services.</summary>
    /// <typeparam name="THandler">The class of the handler.</typeparam>
    /// <inheritdoc cref="TestRoom(Action{KrmxRoom}, KrmxRoomOptions, Action{IServiceCollection}, string)"/>
    public static TestRoom For<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        Action<IServiceCollection>? services = null, KrmxRoomOptions? options = null, string name = "")
        where THandler : KrmxHandler =>
        new(static room => room.Services.GetRequiredService<RoomHandlers>().Attach<THandler>(room), options, services, name);

    /// <summary>Opens the room; its listeners may wait for virtual time, and then it is open when that has passed.</summary>
    /// <returns>The room, so that it can be made and opened at once.</returns>
    /// <exception cref="Exception">What a listener of the open event threw: such a room does not open.</exception>
    public TestRoom Open()
    {
        Room.Post(() => _opening = Room.OpenInTurnAsync(_gateway));
        Deliver();
        return this;
    }

    /// <summary>Makes a client that is connected.</summary>
    /// <param name="facts">What authentication may want to know of its connection, such as its address or principal. Default: nothing.</param>
    public TestClient Connect(KrmxConnectionInfo? facts = null)
    {
        var client = new TestClient(this, facts ?? KrmxConnectionInfo.Unknown, _clients.Count + 1);
        _clients.Add(client);
        client.Connect();
        return client;
    }

    /// <summary>Makes a client that asks to be linked, and delivers all that is under way.</summary>
    /// <remarks>
    /// It is linked then, unless it was rejected, as <see cref="TestClient.Rejection"/> says, or authentication has not answered yet.
    /// </remarks>
    /// <param name="username">The user it is.</param>
    /// <param name="configure">Attaches to the client what must be there before it links. Default: nothing.</param>
    /// <param name="auth">What it sends along to prove that it may. Default: nothing.</param>
    /// <param name="facts">What authentication may want to know of its connection. Default: nothing.</param>
    public TestClient Link(string username, Action<TestClient>? configure = null, string? auth = null, KrmxConnectionInfo? facts = null)
    {
        TestClient client = Connect(facts);
        configure?.Invoke(client);
        client.Link(username, auth);
        Deliver();
        return client;
    }

    /// <summary>Does the room's turns and delivers frames, in turn to the room and to each client, until nothing is under way.</summary>
    public void Deliver()
    {
        bool isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            DoTurns();
            foreach (TestClient client in _clients.ToArray())
                isBusy |= client.DeliverToServer() | client.DeliverToClient();
        }
        Demand(_opening);
        Demand(_closing);
    }

    /// <summary>Delivers until something is true: for listeners that wait for work of other threads, such as a database.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <exception cref="TimeoutException">It did not become true within 30 seconds of real time.</exception>
    public async Task DeliverAsync(Func<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long began = Stopwatch.GetTimestamp();
        for (Deliver(); !condition(); Deliver())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"What was waited for did not happen within {Patience.TotalSeconds} seconds.");
            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    /// <summary>Lets time pass; what is due happens in its order, and turns are done that follow. Frames wait for <see cref="Deliver"/>.</summary>
    /// <param name="time">How much; not negative.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        TimeSpan end = Now + time;
        do
            DoTurns();
        while (_time.Step(end));
        DoTurns();
    }

    /// <summary>Closes the room, as when the application stops: users leave, those who listen to that are called, its services are disposed of.</summary>
    /// <remarks>
    /// Async listeners may wait for virtual time, and then the room has closed when that has passed, or for work of other threads: see
    /// <see cref="CloseAsync"/>.
    /// </remarks>
    /// <exception cref="Exception">What the disposal of a service threw.</exception>
    public void Close()
    {
        Room.Post(() => _closing ??= EndAsync());
        Deliver();
    }

    /// <summary>Closes the room, and waits for listeners that wait for work of other threads.</summary>
    /// <exception cref="TimeoutException">They did not end within 30 seconds of real time: perhaps they wait for virtual time.</exception>
    /// <inheritdoc cref="Close()"/>
    public Task CloseAsync()
    {
        Close();
        return DeliverAsync(() => IsClosed);
    }

    /// <summary>Describes what the room listens to, sends and shares, as AsyncAPI 3; for <see cref="ContractCheck"/>.</summary>
    /// <param name="address">The address of the room's route. Default: <c>/krmx</c>.</param>
    /// <param name="title">What the application is called. Default: <c>Krmx</c>.</param>
    /// <exception cref="KrmxException">The room reads or sends messages of one type as two things.</exception>
    public string DescribeContract(string address = "/krmx", string title = "Krmx") => new AsyncApiDocument(title, (address, Room.Contract)).ToString();

    internal IDisposable StartTimer(TimeSpan due, Action elapsed) =>
        _time.CreateTimer(_ => elapsed(), null, due, Timeout.InfiniteTimeSpan);

    internal ConnectionId Open(TestClient client, KrmxConnectionInfo facts)
    {
        ConnectionId connection = _gateway.Open(client);
        Room.ConnectionOpened(connection, facts);
        return connection;
    }

    internal void Receive(ConnectionId connection, byte[] frame)
    {
        Room.FrameReceived(new Source(connection), InboundFrame.Parse(frame));
        DoTurns();
    }

    internal void Answer(ConnectionId connection) => Room.ConnectionAnswered(connection);

    internal void Lose(ConnectionId connection)
    {
        _gateway.Close(connection);
        Room.ConnectionClosed(connection, UnlinkReason.ConnectionClosed);
        DoTurns();
    }

    /// <summary>Does the turns that are due; what the test has done itself leaves with them.</summary>
    internal void DoTurns()
    {
        Room.Wake();
        _turns.Do();
    }

    private static void Demand(Task? task)
    {
        if (task is { IsFaulted: true, Exception.InnerException: Exception error })
            ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>What makes and ends rooms does the same.</summary>
    private async Task EndAsync()
    {
        await Room.CloseInTurnAsync(CloseCode.GoingAway, CloseTimeout).ConfigureAwait(true);
        await _scope.DisposeAsync().ConfigureAwait(true);
        await _services.DisposeAsync().ConfigureAwait(true);
    }

    private sealed class Source(ConnectionId id) : IFrameSource
    {
        public ConnectionId Id => id;

        public void FrameHandled()
        {
        }
    }
}

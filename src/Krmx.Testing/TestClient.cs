using System.Text;
using Krmx.Client;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Testing;

/// <summary>A client of a <see cref="TestRoom"/>, in memory.</summary>
public sealed class TestClient : KrmxClientCore
{
    private readonly Queue<byte[]?> _toClient = new(); // null stands for the end of the connection
    private readonly List<string> _received = [];
    private readonly TestRoom _room;
    private readonly KrmxConnectionInfo _facts;
    private readonly Output _output;
    private ConnectionId? _connection;
    private (string Username, string? Auth) _link;

    /// <param name="room">The room.</param>
    /// <param name="facts">What is known of its connections.</param>
    /// <param name="number">Which of the room's clients it is.</param>
    internal TestClient(TestRoom room, KrmxConnectionInfo facts, int number)
        : this(room, facts, new Output(room, $"key of client {number:D8}"))
    {
    }

    private TestClient(TestRoom room, KrmxConnectionInfo facts, Output output)
        : base(output)
    {
        _room = room;
        _facts = facts;
        _output = output;
        OnReject(reason => Rejection = reason);
    }

    /// <summary>The text of every frame that was delivered to the client, in order.</summary>
    public IReadOnlyList<string> Received => _received;

    /// <summary>Why the server rejected what the client last asked for; null where it did not.</summary>
    public string? Rejection { get; private set; }

    /// <summary>Whether there is a connection.</summary>
    public bool IsConnected => _connection is not null;

    /// <summary>
    /// Whether the connection does not answer the server's pings, as that of a phone whose network has vanished: another client that links as the
    /// same user has it after <see cref="KrmxLinkOptions.ChallengeTimeout"/>. Default: false; it answers at once.
    /// </summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether its link goes on after <see cref="Drop"/> where it left off, as that of a <c>KrmxClient</c> does. Default: true.</summary>
    public bool Resumes
    {
        get => _output.Resumes;
        set => _output.Resumes = value;
    }

    private IClientInput Input => this;

    /// <summary>Asks for a link.</summary>
    /// <param name="username">The user to be.</param>
    /// <param name="auth">What is sent along to prove that it may. Default: nothing.</param>
    /// <exception cref="KrmxException">The client is not connected, or linked already.</exception>
    public void Link(string username, string? auth = null)
    {
        Rejection = null;
        Input.Link(username, auth);
        _link = (username, auth);
    }

    /// <summary>Asks for the end of the link.</summary>
    /// <exception cref="KrmxException">The client is not linked.</exception>
    public void Unlink() => Input.Unlink();

    /// <summary>Asks for the end of the user.</summary>
    /// <exception cref="KrmxException">The client is not linked.</exception>
    public void Leave() => Input.Leave();

    /// <summary>Sends a message.</summary>
    /// <exception cref="KrmxException">The client is not linked, or the type belongs to the protocol.</exception>
    public void Send(KrmxMessage message) => Input.Send(message);

    /// <summary>Sends a message without a payload.</summary>
    /// <inheritdoc cref="Send(KrmxMessage)"/>
    public void Send(string type) => Send(new KrmxMessage(type));

    /// <summary>Sends a message.</summary>
    /// <inheritdoc cref="Send(KrmxMessage)"/>
    public void Send<T>(string type, T payload) => Send(KrmxMessage.Create(type, payload));

    /// <summary>Sends a message.</summary>
    /// <inheritdoc cref="Send(KrmxMessage)"/>
    public void Send<T>(T message)
        where T : IKrmxMessage =>
        Send(T.Type, message);

    /// <summary>Asks the room for something; what became of it is there when it was delivered.</summary>
    /// <param name="request">The type of the request, and its payload.</param>
    /// <returns>The request, which waits for up to 15 seconds of virtual time.</returns>
    public TestRequest Request(KrmxMessage request) => new(this, request);

    /// <summary>Asks the room for something without a payload.</summary>
    /// <param name="type">The type of the request.</param>
    /// <inheritdoc cref="Request(KrmxMessage)"/>
    public TestRequest Request(string type) => Request(new KrmxMessage(type));

    /// <summary>Asks the room for something.</summary>
    /// <param name="type">The type of the request.</param>
    /// <param name="payload">Its payload.</param>
    /// <inheritdoc cref="Request(KrmxMessage)"/>
    public TestRequest Request<T>(string type, T payload) => Request(KrmxMessage.Create(type, payload));

    /// <summary>Connects again, after <see cref="Drop"/>.</summary>
    public void Connect()
    {
        if (_connection is not null)
            throw new KrmxException("cannot connect: there is a connection already");
        if (Status == ClientStatus.Disconnected)
            Input.Connecting();
        _connection = _room.Open(this, _facts);
        Input.Connected();
    }

    /// <summary>Loses the connection, and what was under way on it, for both sides.</summary>
    /// <param name="reconnects">
    /// Whether the client makes another connection, so that it shows what it knew until then. Default: true.
    /// </param>
    public void Drop(bool reconnects = true)
    {
        if (_connection is not ConnectionId connection)
            return;
        _connection = null;
        _output.ToServer.Clear();
        _toClient.Clear();
        _room.Lose(connection);
        if (reconnects)
            Input.Lost(relinks: Status != ClientStatus.Unlinking);
        else
            Input.Disconnected();
    }

    /// <summary>Comes back after <see cref="Drop"/>: connects, asks for the same link as before, and delivers all that is under way.</summary>
    /// <remarks>What it has missed it has been sent by then, and what it sent while it was away has arrived.</remarks>
    public void Return()
    {
        Connect();
        Link(_link.Username, _link.Auth);
        _room.Deliver();
    }

    /// <summary>Delivers the next frame from the client to the server.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DeliverToServer()
    {
        if (_connection is not ConnectionId connection || !_output.ToServer.TryDequeue(out byte[]? frame))
            return false;
        _room.Receive(connection, frame);
        return true;
    }

    /// <summary>Delivers the next frame from the server to the client.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DeliverToClient()
    {
        if (!_toClient.TryDequeue(out byte[]? frame))
            return false;
        if (frame is null)
        {
            Drop(reconnects: false);
            return true;
        }
        _received.Add(Encoding.UTF8.GetString(frame));
        Input.FrameReceived(InboundFrame.Parse(frame));
        return true;
    }

    internal void Challenge()
    {
        if (!IsSilent && _connection is ConnectionId connection)
            _room.Answer(connection);
    }

    internal void Enqueue(byte[]? frame) => _toClient.Enqueue(frame);

    private sealed class Output(TestRoom room, string sessionKey) : IClientOutput
    {
        public Queue<byte[]> ToServer { get; } = new();

        public bool Resumes { get; set; } = true;

        public string? SessionKey => Resumes ? sessionKey : null;

        public bool IsCongested => false;

        public bool IsBehind => false;

        public void Send(ReadOnlyMemory<byte> frame) => ToServer.Enqueue(frame.ToArray());

        public void Confirmed()
        {
        }

        public void LinkChanged(LinkChange change)
        {
        }

        public void RequestEnded(ClientRequest request, RequestOutcome outcome)
        {
        }

        public IDisposable StartTimer(TimeSpan due, Action elapsed) => room.StartTimer(due, elapsed);

        public void ProtocolViolated(string what) => room.RefusalList.Add(what);

        public void PayloadRefused(string messageType, Exception error) => room.RefusalList.Add($"{messageType}: {error.Message}");

        public void ListenerFailed(string eventName, Exception error) => room.FailureList.Add(error);
    }
}

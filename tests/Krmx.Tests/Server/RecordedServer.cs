using System.Text;
using System.Text.Json;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>An open room that nothing drives but the test: what it does, and what its listeners hear, is written down in order.</summary>
/// <remarks>Frames are written as "1,2: joined alice", events as "join alice", everything else by its name.</remarks>
internal sealed class RecordedServer : IRoomDiagnostics
{
    private readonly List<string> _log = [];
    private readonly RoomEffects _effects = new();
    private readonly SeatTable _seats = new();
    private readonly Queue<(AttemptId Attempt, LinkRequest Request)> _asked = new();

    public RecordedServer(KrmxRoomOptions? options = null, bool isOpen = true, IJournalBudget? journals = null)
    {
        Server = new KrmxRoomCore(options ?? new KrmxRoomOptions(), _effects, this, journals);
        Input.AsksAuthentication = true;
        Server.OnOpen(() => Add("open"));
        Server.OnJoin(user => Add($"join {user.Name}"));
        Server.OnLink((user, link) => Add(link.IsRecovered ? $"link {user.Name} recovered" : $"link {user.Name}"));
        Server.OnMessage((user, message) => Add($"message {user.Name} {message}"));
        Server.OnUnlink((user, reason) => Add($"unlink {user.Name} {reason}"));
        Server.OnSessionEnded((user, reason) => Add($"session {user.Name} {reason}"));
        Server.OnLeave(user => Add($"leave {user.Name}"));
        Server.OnClose(() => Add("close"));
        Server.OnAlarm(name => Add($"alarm {name}"));
        if (!isOpen)
            return;
        Input.Open();
        Input.Opened();
        _log.Clear();
    }

    public KrmxRoomCore Server { get; }

    public IRoomInput Input => Server;

    /// <summary>What authentication answers at once; null leaves the attempt undecided.</summary>
    public Func<LinkRequest, LinkResult?> Authenticate { get; set; } = _ => LinkResult.Accept;

    /// <summary>The attempts that are undecided, oldest first.</summary>
    public List<AttemptId> Undecided { get; } = [];

    public string Users => string.Join(' ', Server.Users.Select(user => user.IsLinked ? user.Name + "*" : user.Name));

    /// <summary>A server with users linked to the connections 1, 2, and so on.</summary>
    public static RecordedServer WithLinked(params string[] usernames)
    {
        var server = new RecordedServer();
        for (int i = 0; i < usernames.Length; i++)
        {
            server.Open(i + 1);
            server.Link(i + 1, usernames[i]);
        }
        server.Take();
        return server;
    }

    /// <summary>A server whose connections 1, 2, and so on wait for the authentication of one name.</summary>
    public static RecordedServer WithPending(string username, int connections = 1, KrmxRoomOptions? options = null, params string[] known)
    {
        var server = new RecordedServer(options) { Authenticate = _ => null };
        foreach (string name in known)
            server.Server.Join(name);
        for (int i = 1; i <= connections; i++)
        {
            server.Open(i);
            server.Link(i, username);
        }
        server.Take();
        return server;
    }

    public void Open(int connection) => Give(input => input.ConnectionOpened(new ConnectionId(connection)));

    public void Close(int connection) => Give(input => input.ConnectionClosed(new ConnectionId(connection)));

    public void Link(int connection, string username, string? auth = null) =>
        Receive(connection, auth is null
            ? $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"0.6.0"}}"""
            : $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"0.6.0","auth":"{{{auth}}}"}}""");

    public void Type(int connection, string type) => Receive(connection, $$"""{"type":"{{type}}"}""");

    public void Receive(int connection, string text) =>
        Give(input => input.FrameReceived(new ConnectionId(connection), InboundFrame.Parse(Encoding.UTF8.GetBytes(text))));

    /// <summary>A connection shows that it is alive.</summary>
    public void Answer(int connection) => Give(input => input.ConnectionAnswered(new ConnectionId(connection)));

    /// <summary>Answers the oldest attempt that is undecided.</summary>
    public void Decide(LinkResult result)
    {
        AttemptId oldest = Undecided[0];
        Undecided.RemoveAt(0);
        Give(input => input.AuthenticationCompleted(oldest, result));
    }

    /// <summary>Gives an input, and has those answer who are asked about a link by it.</summary>
    public void Give(Action<IRoomInput> give)
    {
        give(Input);
        TakeEffects();
        while (_asked.TryDequeue(out (AttemptId Attempt, LinkRequest Request) asked))
        {
            if (Authenticate(asked.Request) is LinkResult result)
                Input.AuthenticationCompleted(asked.Attempt, result);
            else
                Undecided.Add(asked.Attempt);
            TakeEffects();
        }
        Input.EndTurn();
        TakeEffects();
    }

    public void Add(string text)
    {
        TakeEffects();
        _log.Add(text);
    }

    /// <summary>What happened since the last call.</summary>
    public string[] Take()
    {
        TakeEffects();
        string[] taken = [.. _log];
        _log.Clear();
        return taken;
    }

    void IRoomDiagnostics.Rejected(ConnectionId connection, RejectionKind kind, string reason) => Add($"rejected {connection} {kind}");

    void IRoomDiagnostics.ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        Add($"violated {connection} {username} {messageType ?? "no message"}");

    void IRoomDiagnostics.PayloadRefused(string username, string messageType, Exception error) => Add($"refused {username} {messageType}");

    void IRoomDiagnostics.ListenerFailed(string eventName, Exception error) => Add($"failed {eventName} {error.Message}");

    private void TakeEffects()
    {
        foreach (ref readonly RoomEffect effect in _effects.InOrder)
            Take(effect);
        _effects.Clear();
    }

    private void Take(in RoomEffect effect)
    {
        _seats.Follow(effect);
        IReadOnlyList<ConnectionId> receivers = _seats.Receivers(effect);
        if (receivers.Count > 0)
        {
            foreach (ReadOnlyMemory<byte> frame in SeatTable.Frames(effect))
                _log.Add($"{string.Join(',', receivers)}: {Describe(frame)}");
        }
        switch (effect.Kind)
        {
            case RoomEffectKind.Close:
                _log.Add($"close {effect.Connection} {effect.CloseCode}");
                break;
            case RoomEffectKind.Challenge:
                _log.Add($"challenge {effect.Connection}");
                break;
            case RoomEffectKind.Authenticate:
                _asked.Enqueue((effect.Attempt, effect.Request));
                break;
            case RoomEffectKind.CancelAuthentication:
                Undecided.Remove(effect.Attempt);
                _log.Add("cancel");
                break;
        }
    }

    private static string Describe(ReadOnlyMemory<byte> frame)
    {
        Assert.True(FrameReader.TryRead(frame, FrameReader.DefaultMaxDepth, out KrmxMessage message));
        if (!message.IsReserved)
            return message.ToString();
        string type = message.Type["krmx/".Length..];
        if (!message.HasPayload)
            return type;
        JsonElement payload = message.Deserialize<JsonElement>();
        return $"{type} {(payload.GetPropertyCount() == 1 ? payload.EnumerateObject().Single().Value : payload)}";
    }
}

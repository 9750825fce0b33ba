using System.Text;
using System.Text.Json;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>A listening server without a host: what it does, and what its listeners hear, is written down in order.</summary>
/// <remarks>Frames are written as "1,2: joined alice", events as "join alice", everything else by its name.</remarks>
internal sealed class RecordedServer : IRoomOutput
{
    private readonly List<string> _log = [];

    public RecordedServer(KrmxRoomOptions? options = null, bool listens = true)
    {
        Server = new KrmxRoomCore(options ?? new KrmxRoomOptions(), this);
        Server.OnListen(port => Add($"listen {port}"));
        Server.OnJoin(user => Add($"join {user.Name}"));
        Server.OnLink(user => Add($"link {user.Name}"));
        Server.OnMessage((user, message) => Add($"message {user.Name} {message}"));
        Server.OnUnlink((user, reason) => Add($"unlink {user.Name} {reason}"));
        Server.OnLeave(user => Add($"leave {user.Name}"));
        Server.OnClose(() => Add("close"));
        if (!listens)
            return;
        Input.Starting();
        Input.Listening(80);
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

    public void Open(int connection) => Input.ConnectionOpened(new ConnectionId(connection));

    public void Close(int connection) => Input.ConnectionClosed(new ConnectionId(connection));

    public void Link(int connection, string username, string? auth = null) =>
        Receive(connection, auth is null
            ? $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"0.6.0"}}"""
            : $$$"""{"type":"krmx/link","payload":{"username":"{{{username}}}","version":"0.6.0","auth":"{{{auth}}}"}}""");

    public void Type(int connection, string type) => Receive(connection, $$"""{"type":"{{type}}"}""");

    public void Receive(int connection, string text) =>
        Input.FrameReceived(new ConnectionId(connection), InboundFrame.Parse(Encoding.UTF8.GetBytes(text)));

    /// <summary>Answers the oldest attempt that is undecided.</summary>
    public void Decide(LinkResult result)
    {
        AttemptId oldest = Undecided[0];
        Undecided.RemoveAt(0);
        Input.AuthenticationCompleted(oldest, result);
    }

    public void Add(string text) => _log.Add(text);

    /// <summary>What happened since the last call.</summary>
    public string[] Take()
    {
        string[] taken = [.. _log];
        _log.Clear();
        return taken;
    }

    void IRoomOutput.Send(ConnectionId connection, ReadOnlyMemory<byte> frame) => Add($"{connection}: {Describe(frame)}");

    void IRoomOutput.Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame) =>
        Add($"{string.Join(',', connections.ToArray())}: {Describe(frame)}");

    void IRoomOutput.Close(ConnectionId connection, CloseCode code, string description) => Add($"close {connection} {code}");

    LinkResult? IRoomOutput.Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout)
    {
        LinkResult? result = Authenticate(request);
        if (result is null)
            Undecided.Add(attempt);
        return result;
    }

    void IRoomOutput.CancelAuthentication(AttemptId attempt)
    {
        Undecided.Remove(attempt);
        Add("cancel");
    }

    void IRoomOutput.Rejected(ConnectionId connection, RejectionKind kind, string reason) => Add($"rejected {connection} {kind}");

    void IRoomOutput.ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        Add($"violated {connection} {username} {messageType ?? "no message"}");

    void IRoomOutput.PayloadRefused(string username, string messageType, Exception error) => Add($"refused {username} {messageType}");

    void IRoomOutput.ListenerFailed(string eventName, Exception error) => Add($"failed {eventName} {error.Message}");

    private static string Describe(ReadOnlyMemory<byte> frame)
    {
        Assert.True(FrameReader.TryRead(frame, FrameReader.DefaultMaxDepth, out KrmxMessage message));
        if (!message.IsReserved)
            return message.ToString();
        string type = message.Type["krmx/".Length..];
        return message.HasPayload ? $"{type} {message.Deserialize<JsonElement>().EnumerateObject().Single().Value}" : type;
    }
}

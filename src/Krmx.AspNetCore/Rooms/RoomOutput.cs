using Krmx.Connections;
using Krmx.Diagnostics;
using Krmx.Server;
using Microsoft.Extensions.Logging;

namespace Krmx.Rooms;

/// <summary>A room's effects on its connections: frames gather until the turn's end and then go out together. Belongs to the room's turn.</summary>
internal sealed class RoomOutput(ILogger logger, KrmxMetrics metrics) : IServerOutput
{
    private readonly Dictionary<ConnectionId, SocketConnection> _connections = [];
    private readonly List<SocketConnection> _dirty = [];

    /// <summary>The room; set once, when it is made.</summary>
    public KrmxRoom Room { get; set; } = null!;

    /// <summary>Who decides about links; set once, when the room is made.</summary>
    public Authenticator Authenticator { get; set; } = null!;

    public void Add(SocketConnection connection) => _connections.Add(connection.Id, connection);

    public void Remove(SocketConnection connection) => _connections.Remove(connection.Id);

    public void Flush()
    {
        foreach (SocketConnection connection in _dirty)
        {
            connection.IsDirty = false;
            connection.Flush();
        }
        _dirty.Clear();
    }

    public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame) => Send([connection], frame);

    public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
    {
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        head = head[..FrameHeader.WriteText(head, frame.Length)];
        foreach (ConnectionId id in connections)
        {
            if (!_connections.TryGetValue(id, out SocketConnection? connection))
                continue;
            if (connection.TrySend(head, frame.Span))
                MarkDirty(connection);
        }
        metrics.FramesSent(connections.Length, head.Length + frame.Length);
    }

    public void Close(ConnectionId connection, CloseCode code, string description)
    {
        if (_connections.TryGetValue(connection, out SocketConnection? closing))
            closing.Close(code, description);
    }

    public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout)
    {
        var link = new KrmxLinkContext(
            Room, request.Username, request.Auth, request.IsNewUser, request.Version, _connections[request.Connection].Info);
        return Authenticator.Start(attempt, link, timeout, Room);
    }

    public void CancelAuthentication(AttemptId attempt) => Authenticator.Cancel(attempt);

    public void Rejected(ConnectionId connection, RejectionKind kind, string reason)
    {
        metrics.Rejected(kind);
        KrmxLog.Rejected(logger, Room.Label, connection.Value, reason);
    }

    public void ProtocolViolated(ConnectionId connection, string username, string? messageType) =>
        KrmxLog.ProtocolViolated(logger, Room.Label, connection.Value, username, messageType ?? "a frame that is no message");

    public void PayloadRefused(string username, string messageType, Exception error) =>
        KrmxLog.PayloadRefused(logger, Room.Label, username, messageType, error.Message);

    public void ListenerFailed(string eventName, Exception error) => KrmxLog.ListenerFailed(logger, Room.Label, eventName, error);

    private void MarkDirty(SocketConnection connection)
    {
        if (connection.IsDirty)
            return;
        connection.IsDirty = true;
        _dirty.Add(connection);
    }
}

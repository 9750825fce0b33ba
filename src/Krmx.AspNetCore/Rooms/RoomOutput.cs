using Krmx.Connections;
using Krmx.Diagnostics;
using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Rooms;

/// <summary>A room's effects on its connections: frames gather until the turn's end and then go out together. Belongs to the room's turn.</summary>
internal sealed class RoomOutput(ILogger logger, KrmxMetrics metrics) : IRoomOutput
{
    /// <summary>From how many connections on a flush is worth the other cores' while: some milliseconds of system calls.</summary>
    private const int LargeFlush = 512;

    private readonly Dictionary<ConnectionId, GatewayConnection> _connections = [];
    private readonly List<GatewayConnection> _dirty = [];
    private readonly SharedFrames _shared = new();

    /// <summary>The room; set once, when it is made.</summary>
    public KrmxRoom Room { get; set; } = null!;

    /// <summary>Who decides about links; set once, when the room is made.</summary>
    public Authenticator Authenticator { get; set; } = null!;

    public void Add(GatewayConnection connection) => _connections.Add(connection.Id, connection);

    public void Remove(GatewayConnection connection) => _connections.Remove(connection.Id);

    /// <summary>Ends a turn: what it sent goes out.</summary>
    public void EndTurn()
    {
        Flush();
        _shared.Release();
    }

    public void Send(ConnectionId connection, ReadOnlyMemory<byte> frame)
    {
        if (_connections.TryGetValue(connection, out GatewayConnection? receiver))
        {
            KeepStretch(receiver.Output);
            receiver.Output.Append(frame.Span);
            MarkDirty(receiver);
        }
        metrics.FramesSent(1, FrameHeader.LengthOf(frame.Length) + frame.Length);
    }

    public void Send(ConnectionId connection, ReadOnlySpan<ReadOnlyMemory<byte>> frames)
    {
        if (_connections.TryGetValue(connection, out GatewayConnection? receiver))
        {
            KeepStretch(receiver.Output);
            receiver.Output.Picture(frames.ToArray());
            MarkDirty(receiver);
        }
        long bytes = 0;
        foreach (ReadOnlyMemory<byte> frame in frames)
            bytes += FrameHeader.LengthOf(frame.Length) + frame.Length;
        metrics.FramesSent(frames.Length, bytes);
    }

    public void Send(ReadOnlySpan<ConnectionId> connections, ReadOnlyMemory<byte> frame)
    {
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        head = head[..FrameHeader.WriteText(head, frame.Length)];
        if (!_shared.HasRoomFor(head.Length + frame.Length))
            Flush();
        SharedFrame shared = _shared.Add(head, frame.Span);
        foreach (ConnectionId id in connections)
        {
            if (!_connections.TryGetValue(id, out GatewayConnection? receiver))
                continue;
            if (receiver.Output.StretchEnd != shared.Start)
            {
                KeepStretch(receiver.Output);
                receiver.Output.StretchStart = shared.Start;
            }
            receiver.Output.StretchEnd = shared.End;
            MarkDirty(receiver);
        }
        metrics.FramesSent(connections.Length, (long)connections.Length * (head.Length + frame.Length));
    }

    public void Close(ConnectionId connection, CloseCode code, string description)
    {
        if (!_connections.TryGetValue(connection, out GatewayConnection? closing))
            return;
        KeepStretch(closing.Output);
        closing.Close(code, description);
    }

    public LinkResult? Authenticate(AttemptId attempt, LinkRequest request, TimeSpan timeout)
    {
        if (Authenticator.Handler is null)
            return LinkResult.Accept;
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

    /// <summary>Writing is most of what a turn costs, so a large room does it on all cores; the turn waits, and takes part.</summary>
    private void Flush()
    {
        if (_dirty.Count < LargeFlush || Environment.ProcessorCount == 1)
        {
            foreach (GatewayConnection connection in _dirty)
                Flush(connection.Output);
        }
        else
        {
            Parallel.For(0, _dirty.Count, index => Flush(_dirty[index].Output));
        }
        _dirty.Clear();
        _shared.Clear();
    }

    private void Flush(ConnectionOutput output)
    {
        output.IsDirty = false;
        output.Flush(_shared.Bytes, output.StretchEnd);
    }

    private void KeepStretch(ConnectionOutput output) => output.KeepStretch(_shared.Bytes, output.StretchEnd);

    private void MarkDirty(GatewayConnection connection)
    {
        if (connection.Output.IsDirty)
            return;
        connection.Output.IsDirty = true;
        _dirty.Add(connection);
    }
}

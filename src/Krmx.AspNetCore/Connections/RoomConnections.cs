using Krmx.Diagnostics;
using Krmx.Protocol;
using Krmx.Rooms;
using Microsoft.Extensions.Logging;

namespace Krmx.Connections;

/// <summary>The connections of one room at this endpoint, and which of them are seated: they are sent what the room's turns do.</summary>
/// <remarks>
/// Belongs to the room's turns, but for <see cref="Opened"/>, <see cref="Received"/>, <see cref="Answered"/>, <see cref="Closed"/> and
/// <see cref="Gone"/>, which come from connections. What goes to
/// everybody who is seated is framed once, and costs no work for each of them until the flush: each is sent the stretch of the shared bytes from
/// where it was seated, or last sent something of its own.
/// </remarks>
internal sealed class RoomConnections(KrmxRoom room, GatewayMetrics metrics, ILogger logger) : IRoomGateway
{
    private readonly Dictionary<ConnectionId, GatewayConnection> _connections = [];

    // Everybody is in one of them: those who are told of users one by one, and those who are told of a turn's changes together.
    private readonly SeatGroup _classic = new(), _presence = new();

    // Those that were sent something of their own.
    private readonly List<GatewayConnection> _touched = [];

    // Those that were sent a picture.
    private readonly List<GatewayConnection> _newcomers = [];

    /// <summary>A connection has come.</summary>
    public void Opened(GatewayConnection connection, KrmxConnectionInfo facts)
    {
        metrics.ConnectionOpened();
        GatewayLog.Opened(logger, room.Label, connection.Id);
        room.Post(() => _connections.Add(connection.Id, connection));
        room.ConnectionOpened(connection.Id, facts);
    }

    /// <summary>A frame has come.</summary>
    public void Received(GatewayConnection connection, in InboundFrame frame) => room.FrameReceived(connection, frame);

    /// <summary>A connection that was challenged is alive.</summary>
    public void Answered(GatewayConnection connection) => room.ConnectionAnswered(connection.Id);

    /// <summary>A connection has ended, though its socket may still say goodbye.</summary>
    public void Closed(GatewayConnection connection, UnlinkReason reason)
    {
        metrics.ConnectionClosed(reason);
        if (reason == UnlinkReason.ConnectionClosed)
            GatewayLog.Closed(logger, room.Label, connection.Id, reason);
        else
            GatewayLog.Evicted(logger, room.Label, connection.Id, reason);
        room.ConnectionClosed(connection.Id, reason);
    }

    /// <summary>Nothing is left of a connection; whoever counts it is told when the room has unlinked its user, so that no count is ever too low.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="told">Called in the room's turn.</param>
    public void Gone(GatewayConnection connection, Action told) => room.Post(() =>
    {
        _connections.Remove(connection.Id);
        connection.Output.Group?.Stand(connection.Output);
        told();
    });

    public void Deliver(ReadOnlySpan<RoomEffect> effects)
    {
        foreach (ref readonly RoomEffect effect in effects)
            Deliver(effect);
        Flush();
        _classic.Shared.Release();
        _presence.Shared.Release();
        foreach (GatewayConnection newcomer in _newcomers)
            newcomer.Output.EndPicture();
        _newcomers.Clear();
    }

    private void Deliver(in RoomEffect effect)
    {
        switch (effect.Kind)
        {
            case RoomEffectKind.Broadcast:
                if (effect.Audience != RoomAudience.Presence)
                    Share(_classic, effect, _classic.Seated.Count);
                if (effect.Audience != RoomAudience.Classic)
                    Share(_presence, effect, _presence.Seated.Count);
                break;
            case RoomEffectKind.BroadcastExcept:
                ShareExcept(effect);
                break;
            case RoomEffectKind.SendToSome:
                foreach (ConnectionId connection in effect.Connections)
                    Send(connection, effect);
                break;
            case RoomEffectKind.Send:
                Send(effect.Connection, effect);
                break;
            case RoomEffectKind.SendPicture when Touch(effect.Connection) is GatewayConnection newcomer:
                newcomer.Output.Picture(effect.Frames);
                _newcomers.Add(newcomer);
                metrics.FramesSent(effect.Frames.Count, effect.Frames.Sum(static frame => (long)FrameHeader.LengthOf(frame.Length) + frame.Length));
                break;
            case RoomEffectKind.Seat when Find(effect.Connection) is GatewayConnection comer:
                (effect.Audience == RoomAudience.Presence ? _presence : _classic).Sit(comer.Output);
                comer.Admission.Linked();
                break;
            case RoomEffectKind.Unseat when Touch(effect.Connection) is { Output.Group: SeatGroup group } leaver:
                leaver.Output.EndPicture();
                group.Stand(leaver.Output);
                leaver.Admission.Unlinked();
                break;
            case RoomEffectKind.Close when Touch(effect.Connection) is GatewayConnection closing:
                closing.Close(effect.CloseCode, effect.Description);
                break;
            case RoomEffectKind.Challenge when Touch(effect.Connection) is GatewayConnection challenged:
                challenged.Challenge();
                break;
        }
    }

    private GatewayConnection? Find(ConnectionId connection) => _connections.GetValueOrDefault(connection);

    /// <summary>Finds a connection that is to be sent something of its own, behind what it is sent of the shared frames so far.</summary>
    private GatewayConnection? Touch(ConnectionId id)
    {
        if (Find(id) is not GatewayConnection connection)
            return null;
        connection.Output.KeepStretch();
        if (!connection.Output.IsTouched)
        {
            connection.Output.IsTouched = true;
            _touched.Add(connection);
        }
        return connection;
    }

    private void Send(ConnectionId id, in RoomEffect effect)
    {
        if (Touch(id) is not GatewayConnection connection)
            return;
        ReadOnlySpan<byte> frame = effect.Frame.Span;
        connection.Output.Append(frame, effect.IsVolatile);
        metrics.FramesSent(1, FrameHeader.LengthOf(frame.Length) + frame.Length);
    }

    private void Share(SeatGroup group, in RoomEffect effect, int receivers)
    {
        if (receivers == 0)
            return;
        ReadOnlySpan<byte> frame = effect.Frame.Span;
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        head = head[..FrameHeader.WriteText(head, frame.Length)];
        if (!group.Shared.HasRoomFor(head.Length + frame.Length))
            Flush();
        group.Shared.Add(head, frame, effect.IsVolatile);
        metrics.FramesSent(receivers, (long)receivers * (head.Length + frame.Length));
    }

    private void ShareExcept(in RoomEffect effect)
    {
        SeatGroup? ofOne = Find(effect.Connection)?.Output.Group;
        foreach (SeatGroup group in (ReadOnlySpan<SeatGroup>)[_classic, _presence])
        {
            if (group != ofOne)
            {
                Share(group, effect, group.Seated.Count);
                continue;
            }
            ConnectionOutput leftOut = Touch(effect.Connection)!.Output;
            Share(group, effect, group.Seated.Count - 1);
            leftOut.StretchStart = group.Shared.Bytes.Length;
        }
    }

    private void Flush()
    {
        _classic.Flush();
        _presence.Flush();
        foreach (GatewayConnection connection in _touched)
        {
            connection.Output.IsTouched = false;
            connection.Output.Flush();
        }
        _touched.Clear();
        _classic.Shared.Clear();
        _presence.Shared.Clear();
    }
}

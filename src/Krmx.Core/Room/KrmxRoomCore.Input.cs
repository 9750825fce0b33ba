using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// What the host tells the server: the table of protocol section 4, row by row.
public partial class KrmxRoomCore : IRoomInput
{
    void IRoomInput.Starting()
    {
        using Scope scope = EnterInput();
        Demand(Status == RoomStatus.Initializing, "start", "it was started already");
        Status = RoomStatus.Starting;
    }

    void IRoomInput.StartFailed()
    {
        using Scope scope = EnterInput();
        Demand(Status == RoomStatus.Starting, "fail to start", "it is not starting");
        Status = RoomStatus.Initializing;
    }

    void IRoomInput.Listening(int port)
    {
        using Scope scope = EnterInput();
        Demand(Status == RoomStatus.Starting, "listen", "it is not starting");
        Status = RoomStatus.Listening;
        _events.Enqueue(new RoomEvent(RoomEventKind.Listen, Port: port));
    }

    void IRoomInput.Close(CloseCode code)
    {
        using Scope scope = EnterInput();
        CloseServer(code);
    }

    void IRoomInput.ConnectionOpened(ConnectionId id)
    {
        using Scope scope = EnterInput();
        var connection = new RoomConnection(id);
        if (!_connections.TryAdd(id, connection))
            throw new InvalidOperationException($"The connection {id} is open already.");
        if (Status != RoomStatus.Listening)
            CloseConnection(connection, _closeCode, $"server is {StatusText}");
    }

    void IRoomInput.FrameReceived(ConnectionId id, InboundFrame frame)
    {
        using Scope scope = EnterInput();
        if (!_connections.TryGetValue(id, out RoomConnection? connection) || connection.IsClosing)
            return;
        if (!connection.IsBusy)
            HandleFrame(connection, frame);
        else if (!connection.TryPend(frame, _options.MaxPendingFrames, _options.MaxPendingBytes))
            CloseConnection(connection, CloseCode.PolicyViolation, "too much sent before the link was decided");
    }

    void IRoomInput.ConnectionClosed(ConnectionId id, UnlinkReason reason)
    {
        using Scope scope = EnterInput();
        if (!_connections.Remove(id, out RoomConnection? connection))
            return;
        connection.IsClosing = true;
        Release(connection, reason);
        FinishClosing();
    }

    void IRoomInput.AuthenticationCompleted(AttemptId id, LinkResult result)
    {
        using Scope scope = EnterInput();
        if (_attempts.TryGetValue(id, out LinkAttempt? attempt) && !attempt.IsAnswered)
            Decide(attempt, result);
    }

    void IRoomInput.AuthenticationTimedOut(AttemptId id)
    {
        using Scope scope = EnterInput();
        if (_attempts.TryGetValue(id, out LinkAttempt? attempt) && !attempt.IsAnswered)
            Reject(attempt, RejectionKind.AuthenticationTimeout, Reasons.AuthenticationTimeout);
    }

    private void HandleFrame(RoomConnection connection, in InboundFrame frame)
    {
        if (connection.User is KrmxUser user)
            HandleLinkedFrame(connection, user, frame);
        else if (!frame.IsValid)
            Reject(connection, RejectionKind.InvalidMessage, Reasons.InvalidMessage);
        else if (frame.Message.Type != MessageTypes.Link)
            Reject(connection, RejectionKind.UnlinkedConnection, Reasons.UnlinkedConnection);
        else
            HandleLinkRequest(connection, frame.Message);
    }

    private void HandleLinkedFrame(RoomConnection connection, KrmxUser user, in InboundFrame frame)
    {
        if (frame.IsValid && !frame.Message.IsReserved)
        {
            _events.Enqueue(new RoomEvent(RoomEventKind.Message, user, frame.Message));
            return;
        }

        switch (frame.IsValid ? frame.Message.Type : null)
        {
            case MessageTypes.Link or MessageTypes.Unlink:
                UnlinkUser(user, UnlinkReason.Requested);
                break;
            case MessageTypes.Leave:
                LeaveUser(user);
                break;
            case var type:
                _output.ProtocolViolated(connection.Id, user.Name, type);
                UnlinkUser(user, UnlinkReason.ProtocolViolation);
                break;
        }
    }

    private void CloseConnection(RoomConnection connection, CloseCode code, string description)
    {
        connection.IsClosing = true;
        Release(connection, UnlinkReason.ProtocolViolation);
        _output.Close(connection.Id, code, description);
    }

    /// <summary>Takes from a connection that is closing or gone all it holds.</summary>
    private void Release(RoomConnection connection, UnlinkReason reason)
    {
        connection.DropPending();
        if (connection.Attempt is LinkAttempt attempt)
            EndAttempt(attempt);
        if (connection.User is KrmxUser user)
            UnlinkUser(user, reason);
    }
}

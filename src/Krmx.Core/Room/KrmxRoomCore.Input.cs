using Krmx.Protocol;
using Krmx.Rooms;
using static Krmx.Rooms.DueTime;

namespace Krmx;

// What happens to the room: the table of protocol section 4, row by row.
public partial class KrmxRoomCore : IRoomInput
{
    bool IRoomInput.AsksAuthentication { get; set; }

    TimeSpan? IRoomInput.NextDue => Earlier(
        Earlier(_challenges.NextDue, Earlier(_sessions.NextDue, _count?.Due)), Earlier(Earlier(_changes.Due, NextAlarm), Earlier(_attempts.NextDue, NextTimeout)));

    void IRoomInput.Advance(TimeSpan now)
    {
        using Scope scope = EnterInput();
        if (now < _now)
            throw new InvalidOperationException($"The time is {_now} already and cannot go back to {now}.");
        _now = now;
        while (_attempts.TryTakeDue(now, out LinkAttempt? attempt))
            Reject(attempt, RejectionKind.AuthenticationTimeout, Reasons.AuthenticationTimeout);
        ReplaceTheSilent();
        AdvanceSessions();
        LetGoWhoTimedOut();
        RingAlarms();
    }

    void IRoomInput.EndTurn()
    {
        do
        {
            if (_changes.Due <= _now)
                TellChanges();
            if (_count?.Due <= _now)
                TellCount(_count);
        }
        while (EndOverflowed()); // of which listeners hear, who may change something
    }

    void IRoomInput.Open()
    {
        using Scope scope = EnterInput();
        Demand(Status == RoomStatus.Initializing, "open", "it was opened already");
        Status = RoomStatus.Opening;
        _events.Enqueue(new RoomEvent(RoomEventKind.Open));
    }

    void IRoomInput.Opened()
    {
        using Scope scope = EnterInput();
        Demand(Status == RoomStatus.Opening, "let anybody in", "it is not opening");
        Status = RoomStatus.Open;
        TellOfRestart();
        _onOpened.Notify(0, static (listener, _) => listener(), _listenerFailed);
    }

    void IRoomInput.Close(CloseCode code)
    {
        using Scope scope = EnterInput();
        CloseRoom(code);
    }

    void IRoomInput.ConnectionOpened(ConnectionId id, KrmxConnectionInfo? facts)
    {
        using Scope scope = EnterInput();
        var connection = new RoomConnection(id, facts ?? KrmxConnectionInfo.Unknown);
        if (!_connections.TryAdd(id, connection))
            throw new InvalidOperationException($"The connection {id} is open already.");
        if (Status != RoomStatus.Open)
            CloseConnection(connection, _closeCode, $"the room is {StatusText}");
    }

    void IRoomInput.FrameReceived(ConnectionId id, InboundFrame frame)
    {
        using Scope scope = EnterInput();
        if (!_connections.TryGetValue(id, out RoomConnection? connection) || connection.IsClosing)
            return;
        if (!connection.IsBusy)
            HandleFrame(connection, frame);
        else if (!connection.TryPend(frame, _options.Links.MaxPendingFrames, _options.Links.MaxPendingBytes))
            CloseConnection(connection, CloseCode.PolicyViolation, "too much sent before the link was decided");

        // Last: a frame that ends the tie lets those have the user who wanted it.
        RejectChallengers(connection);
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
        if (_attempts.TryFindUnanswered(id, out LinkAttempt? attempt))
            Decide(attempt, result);
    }

    private void HandleFrame(RoomConnection connection, in InboundFrame frame)
    {
        if (connection.User is KrmxUser user)
            HandleLinkedFrame(connection, user, frame);
        else if (frame.IsValid && frame.Message.Type == MessageTypes.Ack)
            return; // sent before its client heard that it is not linked any more
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
            if (!frame.Message.IsVolatile)
                CountReceived(user);
            _events.Enqueue(new RoomEvent(RoomEventKind.Message, user, frame.Message));
            return;
        }

        switch (frame.IsValid ? frame.Message.Type : null)
        {
            case MessageTypes.Ack when TryTakeAck(user, frame.Message):
                break;
            case MessageTypes.Unlink:
                CountReceived(user);
                UnlinkUser(user, UnlinkReason.Requested);
                break;
            case MessageTypes.Link:
                UnlinkUser(user, UnlinkReason.Requested);
                break;
            case MessageTypes.Leave:
                CountReceived(user);
                LeaveUser(user);
                break;
            case var type:
                _diagnostics.ProtocolViolated(connection.Id, user.Name, type);
                UnlinkUser(user, UnlinkReason.ProtocolViolation);
                break;
        }
    }

    private void CloseConnection(RoomConnection connection, CloseCode code, string description)
    {
        connection.IsClosing = true;
        Release(connection, UnlinkReason.ProtocolViolation);
        _effects.Close(connection.Id, code, description);
    }

    /// <summary>Takes from a connection that is closing or gone all it holds.</summary>
    private void Release(RoomConnection connection, UnlinkReason reason, bool keepsSession = false)
    {
        connection.DropPending();
        if (connection.Attempt is LinkAttempt attempt)
            EndAttempt(attempt);
        if (connection.User is KrmxUser user)
            UnlinkUser(user, reason, keepsSession);
    }
}

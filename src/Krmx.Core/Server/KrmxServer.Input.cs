using Krmx.Protocol;
using Krmx.Server;

namespace Krmx;

// What the host tells the server: the table of protocol section 4, row by row.
public partial class KrmxServer : IServerInput
{
    void IServerInput.Starting()
    {
        using Scope scope = EnterInput();
        Demand(Status == ServerStatus.Initializing, "start", "it was started already");
        Status = ServerStatus.Starting;
    }

    void IServerInput.StartFailed()
    {
        using Scope scope = EnterInput();
        Demand(Status == ServerStatus.Starting, "fail to start", "it is not starting");
        Status = ServerStatus.Initializing;
    }

    void IServerInput.Listening(int port)
    {
        using Scope scope = EnterInput();
        Demand(Status == ServerStatus.Starting, "listen", "it is not starting");
        Status = ServerStatus.Listening;
        _events.Enqueue(new ServerEvent(ServerEventKind.Listen, Port: port));
    }

    void IServerInput.Close(CloseCode code)
    {
        using Scope scope = EnterInput();
        CloseServer(code);
    }

    void IServerInput.ConnectionOpened(ConnectionId id)
    {
        using Scope scope = EnterInput();
        var connection = new ServerConnection(id);
        if (!_connections.TryAdd(id, connection))
            throw new InvalidOperationException($"The connection {id} is open already.");
        if (Status != ServerStatus.Listening)
            CloseConnection(connection, _closeCode, $"server is {StatusText}");
    }

    void IServerInput.FrameReceived(ConnectionId id, InboundFrame frame)
    {
        using Scope scope = EnterInput();
        if (!_connections.TryGetValue(id, out ServerConnection? connection) || connection.IsClosing)
            return;
        if (!connection.IsBusy)
            HandleFrame(connection, frame);
        else if (!connection.TryPend(frame, _options.MaxPendingFrames, _options.MaxPendingBytes))
            CloseConnection(connection, CloseCode.PolicyViolation, "too much sent before the link was decided");
    }

    void IServerInput.ConnectionClosed(ConnectionId id, UnlinkReason reason)
    {
        using Scope scope = EnterInput();
        if (!_connections.Remove(id, out ServerConnection? connection))
            return;
        connection.IsClosing = true;
        Release(connection, reason);
        FinishClosing();
    }

    void IServerInput.AuthenticationCompleted(AttemptId id, LinkResult result)
    {
        using Scope scope = EnterInput();
        if (_attempts.TryGetValue(id, out LinkAttempt? attempt) && !attempt.IsAnswered)
            Decide(attempt, result);
    }

    void IServerInput.AuthenticationTimedOut(AttemptId id)
    {
        using Scope scope = EnterInput();
        if (_attempts.TryGetValue(id, out LinkAttempt? attempt) && !attempt.IsAnswered)
            Reject(attempt, RejectionKind.AuthenticationTimeout, Reasons.AuthenticationTimeout);
    }

    private void HandleFrame(ServerConnection connection, in InboundFrame frame)
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

    private void HandleLinkedFrame(ServerConnection connection, KrmxUser user, in InboundFrame frame)
    {
        if (frame.IsValid && !frame.Message.IsReserved)
        {
            _events.Enqueue(new ServerEvent(ServerEventKind.Message, user, frame.Message));
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

    private void CloseConnection(ServerConnection connection, CloseCode code, string description)
    {
        connection.IsClosing = true;
        Release(connection, UnlinkReason.ProtocolViolation);
        _output.Close(connection.Id, code, description);
    }

    /// <summary>Takes from a connection that is closing or gone all it holds.</summary>
    private void Release(ServerConnection connection, UnlinkReason reason)
    {
        connection.DropPending();
        if (connection.Attempt is LinkAttempt attempt)
            EndAttempt(attempt);
        if (connection.User is KrmxUser user)
            UnlinkUser(user, reason);
    }
}

using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// The four changes of a user's life and the end of the server's: frames and state first, then the event is queued (protocol section 4).
public partial class KrmxRoomCore
{
    private KrmxUser JoinUser(string name)
    {
        KrmxUser user = _roster.Add(name);
        SendToLinked(user.JoinedFrame);
        _events.Enqueue(new RoomEvent(RoomEventKind.Join, user));
        return user;
    }

    private void LinkUser(RoomConnection connection, KrmxUser user)
    {
        _roster.Tie(user, connection);
        _output.Send(connection.Id, _roster.Welcome);
        SendToOthers(connection.Id, user.LinkedFrame);
        _events.Enqueue(new RoomEvent(RoomEventKind.Link, user));
    }

    private void UnlinkUser(KrmxUser user, UnlinkReason reason)
    {
        // A connection that is open hears of its own user too; one that is gone can hear nothing.
        bool isGone = user.Connection!.IsClosing;
        if (isGone)
            _roster.Untie(user);
        SendToLinked(user.UnlinkedFrame);
        if (!isGone)
            _roster.Untie(user);
        _events.Enqueue(new RoomEvent(RoomEventKind.Unlink, user, Reason: reason));
    }

    private void LeaveUser(KrmxUser user)
    {
        if (user.Connection is RoomConnection own)
        {
            UnlinkUser(user, UnlinkReason.Left);
            _output.Send(own.Id, user.LeftFrame);
        }
        _roster.Remove(user);
        SendToLinked(user.LeftFrame);
        _events.Enqueue(new RoomEvent(RoomEventKind.Leave, user));

        // An authentication holds for the user it was made for, and that user is no more.
        foreach (LinkAttempt attempt in user.Attempts.ToArray())
            Reject(attempt, RejectionKind.UserChanged, Reasons.LeftMeanwhile(user.Name));
    }

    /// <summary>Every user leaves and every connection closes, having heard of its own user alone: all the others' ties end as well.</summary>
    private void CloseServer(CloseCode code)
    {
        Demand(Status == RoomStatus.Listening, "close", $"it is {StatusText}");
        Status = RoomStatus.Closing;
        _closeCode = code;
        foreach (LinkAttempt attempt in _attempts.Values.ToArray())
            EndAttempt(attempt);
        foreach (KrmxUser user in _roster.Users)
        {
            if (user.Connection is RoomConnection own)
            {
                _output.Send(own.Id, user.UnlinkedFrame);
                _output.Send(own.Id, user.LeftFrame);
                _roster.Untie(user);
                _events.Enqueue(new RoomEvent(RoomEventKind.Unlink, user, Reason: UnlinkReason.ServerClosing));
            }
            _roster.Remove(user);
            _events.Enqueue(new RoomEvent(RoomEventKind.Leave, user));
        }
        foreach (RoomConnection connection in _connections.Values)
        {
            if (!connection.IsClosing)
                CloseConnection(connection, code, "server is closing");
        }
        FinishClosing();
    }

    private void FinishClosing()
    {
        if (Status != RoomStatus.Closing || _connections.Count > 0)
            return;
        Status = RoomStatus.Closed;
        _events.Enqueue(new RoomEvent(RoomEventKind.Close));
    }

    private void SendToLinked(byte[] frame)
    {
        ReadOnlySpan<ConnectionId> linked = _roster.LinkedConnections;
        if (!linked.IsEmpty)
            _output.Send(linked, frame);
    }
}

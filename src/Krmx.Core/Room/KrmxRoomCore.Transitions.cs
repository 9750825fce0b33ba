using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// The four changes of a user's life and the end of the room's: effects and state first, then the event is queued (protocol section 4).
public partial class KrmxRoomCore
{
    private KrmxUser JoinUser(string name)
    {
        MakePlace();
        KrmxUser user = _roster.Add(name);
        NoteChange(PresenceChange.Joined, user);
        BroadcastClassic(user.JoinedFrame);
        _events.Enqueue(new RoomEvent(RoomEventKind.Join, user));
        return user;
    }

    private void LinkUser(RoomConnection connection, KrmxUser user, KrmxExtensions extensions)
    {
        NoteChange(PresenceChange.Linked, user);
        connection.HasPresence = extensions.HasFlag(KrmxExtensions.Presence);
        _roster.Tie(user, connection, _now);
        WasEverLinked = true;
        if (connection.HasPresence && _changes.HasLosses)
            TellChanges();
        _effects.SendPicture(connection.Id, _roster.PictureFor(connection));
        BroadcastClassic(user.LinkedFrame);
        _effects.Seat(connection.Id, connection.HasPresence ? RoomAudience.Presence : RoomAudience.Classic);
        _events.Enqueue(new RoomEvent(RoomEventKind.Link, user, Connection: connection));
    }

    private void UnlinkUser(KrmxUser user, UnlinkReason reason)
    {
        // A connection that is open hears of its own user too; one that is gone can hear nothing.
        RoomConnection own = user.Connection!;
        byte[] frame = user.UnlinkedFrame;
        bool isToldByBroadcast = !own.IsClosing && !own.HasPresence;
        if (!isToldByBroadcast)
            _effects.Unseat(own.Id);
        BroadcastClassic(frame);
        if (isToldByBroadcast)
            _effects.Unseat(own.Id);
        else if (!own.IsClosing)
            _effects.Send(own.Id, frame);
        _roster.Untie(user, _now);
        NoteChange(PresenceChange.Unlinked, user);
        _events.Enqueue(new RoomEvent(RoomEventKind.Unlink, user, Reason: reason));
        ReleaseChallengers(own);
    }

    private void LeaveUser(KrmxUser user)
    {
        if (user.Connection is RoomConnection own)
        {
            UnlinkUser(user, UnlinkReason.Left);
            _effects.Send(own.Id, user.LeftFrame);
        }
        _roster.Remove(user);
        NoteChange(PresenceChange.Left, user);
        BroadcastClassic(user.LeftFrame);
        _events.Enqueue(new RoomEvent(RoomEventKind.Leave, user));

        // An authentication holds for the user it was made for, and that user is no more.
        foreach (LinkAttempt attempt in _attempts.For(user))
            Reject(attempt, RejectionKind.UserChanged, Reasons.LeftMeanwhile(user.Name));
    }

    /// <summary>Every user leaves and every connection closes, having heard of its own user alone: all the others' ties end as well.</summary>
    private void CloseRoom(CloseCode code)
    {
        Demand(Status == RoomStatus.Open, "close", $"it is {StatusText}");
        Status = RoomStatus.Closing;
        _closeCode = code;
        _changes.Clear();
        _alarms.Clear();
        foreach (LinkAttempt attempt in _attempts.All)
            EndAttempt(attempt);
        _challenges.Clear();
        foreach (KrmxUser user in _roster.Users)
        {
            if (user.Connection is RoomConnection own)
            {
                _effects.Unseat(own.Id);
                _effects.Send(own.Id, user.UnlinkedFrame);
                _effects.Send(own.Id, user.LeftFrame);
                _roster.Untie(user, _now);
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

    private void Broadcast(byte[] frame)
    {
        if (_roster.LinkedCount > 0)
            _effects.Broadcast(frame);
    }

    /// <summary>Tells those who are told of users one by one.</summary>
    private void BroadcastClassic(byte[] frame)
    {
        if (_roster.PresenceCount == 0)
            Broadcast(frame);
        else if (_roster.PresenceCount < _roster.LinkedCount)
            _effects.Broadcast(frame, RoomAudience.Classic);
    }

    /// <summary>Notes what those are told later who have the extension presence. Where there is nobody, whoever comes next is sent how things are by then.</summary>
    private void NoteChange(string kind, KrmxUser user)
    {
        if (_roster.PresenceCount > 0)
            _changes.Add(kind, user, _now);
        else
            _changes.Clear();
    }

    /// <summary>Tells the changes that were noted: before any message of the application, so that none is of somebody unheard of.</summary>
    private void TellChanges()
    {
        foreach (byte[] frame in _changes.Take())
        {
            if (_roster.PresenceCount > 0)
                _effects.Broadcast(frame, RoomAudience.Presence);
        }
    }
}

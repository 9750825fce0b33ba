using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// The four changes of a user's life and the end of the room's: effects and state first, then the event is queued (protocol section 4).
public partial class KrmxRoomCore
{
    private KrmxUser JoinUser(string name)
    {
        MakePlace();
        KrmxUser user = _roster.Add(this, name);
        _recorder?.Joined(user);
        NoteChange(PresenceChange.Joined, user);
        BroadcastClassic(user.JoinedFrame);
        _events.Enqueue(new RoomEvent(RoomEventKind.Join, user));
        return user;
    }

    private void LinkUser(LinkAttempt attempt, KrmxUser user, Session? session, byte[] accepted)
    {
        RoomConnection connection = attempt.Connection;
        TakeMeta(attempt, user);
        NoteChange(PresenceChange.Linked, user);
        if (session is not null)
        {
            user.Session = session;
            _sessions.Add(session);
            _recorder?.SessionBegun(session);
            _sessions.Attach(session, connection);
        }
        Tie(attempt, user, isRecovered: false);
        if (connection.HasPresence && _changes.HasLosses)
            TellChanges();
        _effects.SendPicture(connection.Id, PictureFor(user, connection, accepted));
        BroadcastClassic(user.LinkedFrame);
        _effects.Seat(connection.Id, connection.HasPresence ? RoomAudience.Presence : RoomAudience.Classic, user.Name);
        _events.Enqueue(new RoomEvent(RoomEventKind.Link, user, Connection: connection));
    }

    private void Tie(LinkAttempt attempt, KrmxUser user, bool isRecovered)
    {
        attempt.Connection.HasPresence = attempt.Extensions != KrmxExtensions.None; // the other one implies it
        attempt.Connection.Link = new KrmxLink
        {
            IsRecovered = isRecovered,
            Version = attempt.Version,
            Principal = attempt.Principal ?? attempt.Connection.Facts.Principal,
            Connection = attempt.Connection.Facts,
        };
        user.Principal = attempt.Connection.Link.Principal;
        _roster.Tie(user, attempt.Connection, _now);
        _recorder?.Linked(user);
        WasEverLinked = true;
    }

    private void UnlinkUser(KrmxUser user, UnlinkReason reason, bool keepsSession = false)
    {
        RoomConnection own = user.Connection!;
        Session? session = user.Session;
        SessionEndReason? end = session is null || keepsSession ? null : EndOf(session, reason);
        if (end is not null && !own.IsClosing)
            SendAck(session!);

        // A connection that is open hears of its own user too; one that is gone can hear nothing.
        byte[] frame = user.UnlinkedFrame;
        bool isToldByBroadcast = !own.IsClosing && !own.HasPresence && _count is null;
        if (!isToldByBroadcast)
            _effects.Unseat(own.Id);
        BroadcastClassic(frame);
        if (isToldByBroadcast)
            _effects.Unseat(own.Id);
        else if (!own.IsClosing)
            _effects.Send(own.Id, frame);
        _roster.Untie(user, _now);
        _recorder?.Unlinked(user);
        if (session is not null && end is null && !keepsSession)
            Suspend(session);
        _events.Enqueue(new RoomEvent(RoomEventKind.Unlink, user, Reason: reason));
        if (end is not null)
            EndSession(session!, end.Value);
        NoteChange(PresenceChange.Unlinked, user);
        ReleaseChallengers(own);
    }

    private void LeaveUser(KrmxUser user, SessionEndReason reason = SessionEndReason.Left)
    {
        if (user.Connection is RoomConnection own)
        {
            UnlinkUser(user, UnlinkReason.Left);
            _effects.Send(own.Id, user.LeftFrame);
        }
        if (user.Session is Session suspended)
            EndSession(suspended, reason);
        _roster.Remove(user);
        _recorder?.Left(user);
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
        ForgetChanges();
        _alarms.Clear();
        foreach (LinkAttempt attempt in _attempts.All)
            EndAttempt(attempt);
        _challenges.Clear();
        foreach (KrmxUser user in _roster.Users)
        {
            if (user.Connection is RoomConnection own)
            {
                _effects.Unseat(own.Id);
                if (user.Session is Session attached)
                    SendAck(attached);
                _effects.Send(own.Id, user.UnlinkedFrame);
                _effects.Send(own.Id, user.LeftFrame);
                _roster.Untie(user, _now);
                _events.Enqueue(new RoomEvent(RoomEventKind.Unlink, user, Reason: UnlinkReason.ServerClosing));
            }
            if (user.Session is Session session)
                EndSession(session, SessionEndReason.RoomClosed);
            _roster.Remove(user);
            _events.Enqueue(new RoomEvent(RoomEventKind.Leave, user));
        }
        _sessions.Clear();
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
}

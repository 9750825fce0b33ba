using System.Diagnostics.CodeAnalysis;
using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// Sessions: who goes on where it left off, and for how long it may (protocol section 10, "Resume").
public partial class KrmxRoomCore
{
    /// <summary>How many frames a client may have had handled without being told.</summary>
    private const int FramesBetweenAcks = 32;

    private static readonly TimeSpan AckDelay = TimeSpan.FromMilliseconds(250);

    private readonly SessionTable _sessions;

    /// <summary>How many bytes of messages are kept for sessions; may be read from anywhere.</summary>
    public long JournalBytes => _journal.Bytes;

    /// <summary>Why the sessions of a user forbid a link, or null.</summary>
    private (RejectionKind Kind, string Reason)? RefusalBySessions(string username, ResumeRequest resume)
    {
        bool hasLeft = false;
        foreach (Session session in _sessions.Of(username, resume.Key))
        {
            if (session.Attempt >= resume.Attempt)
                return (RejectionKind.StaleAttempt, Reasons.StaleAttempt);
            hasLeft |= session.Number == resume.Session && session.End == SessionEndReason.Left;
        }
        return hasLeft ? (RejectionKind.HasLeft, Reasons.HasLeft(username)) : null;
    }

    /// <summary>Whether a link comes from the client that has the user.</summary>
    private static bool IsOwner([NotNullWhen(true)] KrmxUser? user, ResumeRequest? resume) =>
        resume is not null && user?.Session is Session session && session.HasKey(resume.Key);

    /// <summary>Links with a session: the one that the link names, where it can be recovered, or one that begins.</summary>
    private void LinkWithSession(LinkAttempt attempt, KrmxUser user, ResumeRequest resume)
    {
        Session? named = resume.Session is null
            ? null
            : _sessions.Of(user.Name, resume.Key).FirstOrDefault(session => session.Number == resume.Session);
        bool isRecovered = TryRecover(named, resume, out long position);
        if (IsOwner(user, resume) && user.Connection is RoomConnection former)
            Oust(former, isRecovered);
        else if (user.IsLinked)
            UnlinkUser(user, UnlinkReason.Replaced);
        if (isRecovered)
        {
            named!.Attempt = resume.Attempt;
            Recover(attempt, user, named, position);
            return;
        }
        if (user.Session is Session suspended)
            EndSession(suspended, SessionEndReason.Replaced);
        var session = new Session(++_lastSession, user, resume.Key, resume.Attempt, resume.Attempt);
        bool? recovered = resume.Session is null ? null : false;
        LinkUser(attempt, user, session, Frames.AcceptedWithSession(attempt.Extensions, session.Number, recovered, named?.Received));
    }

    /// <summary>Whether a session can go on where its client says that it is.</summary>
    private bool TryRecover([NotNullWhen(true)] Session? session, ResumeRequest resume, out long position)
    {
        position = 0;
        if (session is not { End: null, Reader: JournalReader reader } || resume.Received is not long received)
            return false;
        if (received < reader.Confirmed || received > _journal.CountFor(reader))
            return false;
        return _journal.TryFind(reader, received, out position);
    }

    /// <summary>Takes the user from a connection whose client has come back on another one.</summary>
    private void Oust(RoomConnection former, bool isRecovered)
    {
        former.IsClosing = true;
        Release(former, UnlinkReason.Replaced, keepsSession: isRecovered);
        _effects.Close(former.Id, CloseCode.PolicyViolation, "the client has come back on another connection");
    }

    private void Recover(LinkAttempt attempt, KrmxUser user, Session session, long position)
    {
        RoomConnection connection = attempt.Connection;
        JournalReader reader = session.Reader!;
        reader.Confirmed = attempt.Resume!.Received!.Value;
        _recorder?.SessionResumed(session);
        _sessions.Attach(session, connection);
        (session.ReceivedTold, session.AckDue) = (session.Received, null);
        NoteChange(PresenceChange.Linked, user);
        Tie(attempt, user, isRecovered: true);
        byte[] accepted = Frames.AcceptedWithSession(attempt.Extensions, session.Number, recovered: true, session.Received);
        _effects.SendPicture(connection.Id, [accepted, .. _journal.ReadFrom(reader, position)]);
        BroadcastClassic(user.LinkedFrame);
        _effects.Seat(connection.Id, RoomAudience.Presence, user.Name);
        TakeMeta(attempt, user);
        _events.Enqueue(new RoomEvent(RoomEventKind.Link, user, Connection: connection));
    }

    /// <summary>The client of a session has been sent all that a newcomer is: what it is sent from here on counts.</summary>
    private void BeginCounting(KrmxUser user)
    {
        if (user.Session is not Session session)
            return;
        session.Reader = _journal.Begin(session.Id);
        _recorder?.SessionReady(session);
    }

    /// <summary>Counts a frame that a client has had handled.</summary>
    private void CountReceived(KrmxUser user)
    {
        if (user.Session is not Session session)
            return;
        session.Received++;
        Note(session);
        if (session.Received - session.ReceivedTold >= FramesBetweenAcks)
            SendAck(session);
        else if (session.AckDue is null)
            _sessions.AckBy(session, _now + AckDelay);
    }

    private void SendAck(Session session)
    {
        session.ReceivedTold = session.Received;
        session.AckDue = null;
        _effects.Send(session.Connection!.Id, Frames.Ack(session.Received, CountSent(session)));
    }

    private long CountSent(Session session) => session.Reader is null ? 0 : _journal.CountFor(session.Reader);

    /// <summary>Takes in what a client says it has had.</summary>
    /// <returns>False where that cannot be, and so breaks the protocol.</returns>
    private bool TryTakeAck(KrmxUser user, in KrmxMessage ack)
    {
        if (user.Session is not Session session ||
            Payloads.ReadCount(ack.Payload.Span, "received") is not long received ||
            Payloads.ReadCount(ack.Payload.Span, "sent") is not long sent)
            return false;
        if (sent != session.Received || received > CountSent(session) || received < (session.Reader?.Confirmed ?? 0))
            return false;
        if (session.Reader is not null)
        {
            session.Reader.Confirmed = received;
            Note(session);
        }
        return true;
    }

    /// <summary>What becomes of a session whose user is unlinked: null where it waits for its client to come back.</summary>
    private SessionEndReason? EndOf(Session session, UnlinkReason reason) => reason switch
    {
        UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut or UnlinkReason.TooSlow => session.Reader switch
        {
            null => SessionEndReason.NotReady,
            JournalReader reader => _journal.TryFindConfirmed(reader, out _) ? null : SessionEndReason.Overflowed,
        },
        UnlinkReason.Requested or UnlinkReason.Application => SessionEndReason.Unlinked,
        UnlinkReason.Left => SessionEndReason.Left,
        UnlinkReason.Replaced => SessionEndReason.Replaced,
        UnlinkReason.ServerClosing => SessionEndReason.RoomClosed,
        _ => SessionEndReason.ProtocolViolation,
    };

    private void Suspend(Session session)
    {
        _journal.TryFindConfirmed(session.Reader!, out long position);
        _sessions.Suspend(session, position, _now);
    }

    private void EndSession(Session session, SessionEndReason reason)
    {
        if (session.Reader is not null)
            _journal.End(session.Reader);
        session.Reader = null;
        session.User.Session = null;
        _sessions.End(session, reason, _now);
        _recorder?.SessionEnded(session);
        _events.Enqueue(new RoomEvent(RoomEventKind.SessionEnd, session.User, SessionEnd: reason));
    }

    /// <summary>Time has passed: clients are told what was handled, and sessions end that nobody came back for.</summary>
    private void AdvanceSessions()
    {
        while (_sessions.TryTakeUnacknowledged(_now, out Session? session))
            SendAck(session);
        while (_sessions.TryFindExpired(_now, out Session? expired))
            EndSession(expired, SessionEndReason.Expired);
        _sessions.Forget(_now);
    }

    /// <summary>Ends the sessions that are not attached and miss something which the journal has let go of.</summary>
    /// <returns>Whether there were any.</returns>
    private bool EndOverflowed()
    {
        using Scope scope = EnterInput();
        if (_journal.Oldest <= _sessions.OldestNeeded)
            return false;
        Session[] overflowed = [.. _sessions.Suspended.Where(session => !_journal.TryFindConfirmed(session.Reader!, out _))];
        foreach (Session session in overflowed)
            EndSession(session, SessionEndReason.Overflowed);
        return overflowed.Length > 0;
    }
}

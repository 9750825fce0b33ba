using Krmx.Simulation.Mutation;

namespace Krmx.Tests.Simulation;

// Defects of sessions and the journal.
internal static partial class Mutants
{
    private const string Sessions = "Room/KrmxRoomCore.Sessions.cs";
    private const string User = "Room/KrmxUser.cs";
    private const string SessionTable = "Room/Sessions/SessionTable.cs";
    private const string Journal = "Room/Sessions/Journal.cs";
    private const string Entry = "Room/Sessions/JournalEntry.cs";
    private const string Reader = "Room/Sessions/JournalReader.cs";

    private static IReadOnlyList<Mutant> OfSessions =>
    [
        // Who has the user.
        new("a stale attempt is taken", "10", Sessions, "if (session.Attempt >= resume.Attempt)", "if (session.Attempt > resume.Attempt + 1_000_000)"),
        new("an attempt may be made twice", "10", Sessions, "if (session.Attempt >= resume.Attempt)", "if (session.Attempt > resume.Attempt)"),
        new("an attempt is compared with the one that began the session", "10", Sessions, "if (session.Attempt >= resume.Attempt)", "if (session.Number >= resume.Attempt)"),
        new("a link that goes on is no attempt", "10", Sessions, "            named!.Attempt = resume.Attempt;\n            Recover(attempt, user, named, position);", "            Recover(attempt, user, named!, position);"),
        new("attempts are not compared with sessions that ended", "10", Sessions, "if (session.Attempt >= resume.Attempt)", "if (session.End is null && session.Attempt >= resume.Attempt)"),
        new("attempts of another client are compared", "10", SessionTable, "kept.Where(session => session.HasKey(key))", "kept"),
        new("attempts for another user are compared", "10", SessionTable,
            "_byUsername.TryGetValue(username, out List<Session>? kept) ? kept.Where(session => session.HasKey(key)) : []",
            "username is null ? [] : _byUsername.Values.SelectMany(kept => kept).Where(session => session.HasKey(key))"),
        new("an attempt is not compared when it has waited", "10", Challenges, "attempt.Resume is ResumeRequest resume &&", "attempt.Resume is { Attempt: < 0 } resume &&"),
        new("the key is forgotten during authentication", "10", Links, "else if (Refusal(attempt.Username, user, attempt.Resume)", "else if (Refusal(attempt.Username, user, null)"),
        new("the key does not open a user who is linked", "10", Links, " && !IsOwner(user, resume)", ""),
        new("the client itself has to wait for a challenge", "10", Challenges, " || IsOwner(user, attempt.Resume)", ""),
        new("any key opens a user who is linked", "10", Sessions, "user?.Session is Session session && session.HasKey(resume.Key)", "user?.Session is not null"),
        new("the former connection stays open", "10", Sessions, "        _effects.Close(former.Id, CloseCode.PolicyViolation, \"the client has come back on another connection\");\n", ""),
        new("the former connection may link again", "10", Sessions, "        former.IsClosing = true;\n", ""),
        new("a former connection has the session end", "10", Sessions, "keepsSession: isRecovered", "keepsSession: false"),
        new("whoever begins anew leaves the former connection open", "10", Sessions, "        if (IsOwner(user, resume) && user", "        if (isRecovered && user"),
        new("whoever left comes back", "10", Sessions, "session.End == SessionEndReason.Left;", "session.End == SessionEndReason.Expired;"),
        new("whoever left does not come back at all", "10", Sessions, "session.Number == resume.Session && session.End", "session.End"),
        new("whoever is let go for others has left", "4", Users, "LeaveUser(_roster.Away.LeastUsed!, SessionEndReason.Expired)", "LeaveUser(_roster.Away.LeastUsed!)"),
        new("whoever timed out has left", "4", Users, "LeaveUser(_roster.Away.LongestAway!, SessionEndReason.Expired)", "LeaveUser(_roster.Away.LongestAway!)"),
        new("a refused link ends the session", "10", Links, "        if (!result.IsAccepted)\n            Reject(",
            "        if (!result.IsAccepted && user?.Session is { Connection: null } away)\n            EndSession(away, SessionEndReason.Replaced);\n        if (!result.IsAccepted)\n            Reject("),

        // Recovered or not.
        new("a resume begins one message too early", "10", Sessions, "return _journal.TryFind(reader, received, out position);", "return _journal.TryFind(reader, Math.Max(0, received - 1), out position);"),
        new("a resume begins one message too late", "10", Sessions, "return _journal.TryFind(reader, received, out position);", "return _journal.TryFind(reader, received + 1, out position);"),
        new("nothing is replayed", "10", Sessions, "[accepted, .. _journal.ReadFrom(reader, position)]", "[accepted]"),
        new("what is not kept is recovered", "10", Sessions, "return _journal.TryFind(reader, received, out position);", "_journal.TryFind(reader, received, out position);\n        return true;"),
        new("less is taken than the client has confirmed", "10", Sessions, "if (received < reader.Confirmed || received >", "if (received >"),
        new("more is taken than was sent", "10", Sessions, "if (received < reader.Confirmed || received > _journal.CountFor(reader))", "if (received < reader.Confirmed)"),
        new("a client that was not ready is recovered", "10", Sessions,
            " || resume.Received is not long received)\n            return false;", ")\n            return false;\n        long received = resume.Received ?? 0;")
        {
            Also = ("attempt.Resume!.Received!.Value", "attempt.Resume!.Received ?? 0"),
        },
        new("whatever session there is goes on", "10", Sessions, "FirstOrDefault(session => session.Number == resume.Session)", "LastOrDefault()"),
        new("sessions are looked for with any key", "10", Sessions, ": _sessions.Of(user.Name, resume.Key).FirstOrDefault(session => session.Number == resume.Session);",
            ": user.Session is Session own && own.Number == resume.Session ? own : _sessions.Of(user.Name, resume.Key).FirstOrDefault(session => session.Number == resume.Session);"),
        new("whoever goes on is told how things are", "10", Events, "        if (newcomer.Link!.IsRecovered)\n            return;\n", ""),
        new("whoever goes on is told of the users", "10", Sessions, "[accepted, .. _journal.ReadFrom(reader, position)]", "[.. _roster.PictureFor(connection, accepted), .. _journal.ReadFrom(reader, position)]"),
        new("the application is not told that a client goes on", "10", Sessions, "Tie(attempt, user, isRecovered: true)", "Tie(attempt, user, isRecovered: false)")
        {
            Also = ("        session.Reader = _journal.Begin(session.Id);", "        session.Reader ??= _journal.Begin(session.Id);"),
        },
        new("nobody says that a session was not recovered", "10", Sessions, "resume.Session is null ? null : false", "null"),
        new("nobody says what was handled of a session that was not recovered", "10", Sessions, "recovered, named?.Received", "recovered, null"),
        new("a session is not another one after a link that begins anew", "10", Sessions, "new Session(++_lastSession, user, resume.Key, resume.Attempt, resume.Attempt)", "new Session(++_lastSession, user, resume.Key, resume.Session ?? resume.Attempt, resume.Attempt)"),
        new("only the last sessions of a user are remembered", "10", SessionTable, "MaxOfUser = 16", "MaxOfUser = 2"),
        new("resume is granted where nothing is said of a session", "10", "Protocol/LinkPayload.cs", "asked &= ~KrmxExtensions.Resume;", "asked |= KrmxExtensions.Resume;"),
        new("a link with a session is told of users one by one", "10", Transitions, "attempt.Extensions != KrmxExtensions.None", "attempt.Extensions.HasFlag(KrmxExtensions.Presence)"),
        new("a key may be guessed", "10", "Protocol/ResumeRequest.cs", "key is not { Length: >= MinKeyLength and <= MaxKeyLength }", "key is null"),
        new("an attempt may be no whole number", "10", "Protocol/ResumeRequest.cs", "|| attempt is null)", "|| false)") { Also = ("attempt.Value", "attempt ?? 1_000_000") },
        new("a negative count is none", "10", "Protocol/ResumeRequest.cs", "isReceivedValid = (received = ReadNumber(ref value, 0)) is not null;", "received = ReadNumber(ref value, 0);"),

        // What counts of what the server sends.
        new("what is sent counts from the link on", "10", Sessions, "new Session(++_lastSession, user, resume.Key, resume.Attempt, resume.Attempt);", "new Session(++_lastSession, user, resume.Key, resume.Attempt, resume.Attempt) { Reader = _journal.Begin(0) };")
        {
            Also = ("        session.Reader = _journal.Begin(session.Id);", "        session.Reader ??= _journal.Begin(session.Id);"),
        },
        new("ready counts", "10", Events, "        _effects.Send(newcomer.Id, Frames.Ready);\n        BeginCounting(user);", "        BeginCounting(user);\n        PostTo(user, Frames.Ready);"),
        new("what was sent before a session counts", "10", Journal, "new JournalReader(id, _shared)", "new JournalReader(id, _sharedBefore)"),
        new("a message for all but one counts for that one", "10", Posts, "            AppendExcept(user.Session?.Reader, frame);\n        if (user", "            _journal.Append(frame);\n        if (user"),
        new("a message for one counts for everybody", "10", Posts, "            _journal.AppendOnly(reader, frame);\n        if (user.Connection is RoomConnection connection)\n            _effects.Send(", "            _journal.Append(frame);\n        if (user.Connection is RoomConnection connection)\n            _effects.Send("),
        new("a message for one counts for nobody", "10", Posts, "            _journal.AppendOnly(reader, frame);\n        if (user.Connection is RoomConnection connection)\n            _effects.Send(", "            ;\n        if (user.Connection is RoomConnection connection)\n            _effects.Send("),
        new("a message for one is not for one who is away", "10", Posts, "            _journal.AppendOnly(reader, frame);\n        if (user.Connection is RoomConnection connection)\n            _effects.Send(", "            if (user.IsLinked)\n                _journal.AppendOnly(reader, frame);\n        if (user.Connection is RoomConnection connection)\n            _effects.Send("),
        new("nothing can be sent to one who is away", "10", User, "IsLinked || Session is not null", "IsLinked"),
        new("messages for all are kept while somebody is linked", "10", Posts, "        if (!isVolatile)\n            _journal.Append(frame);\n        Broadcast", "        if (!isVolatile && _roster.LinkedCount > 0)\n            _journal.Append(frame);\n        Broadcast"),
        new("messages for all but one are kept while that one is linked", "10", Posts, "        if (!isVolatile)\n            AppendExcept(user.Session?.Reader, frame);", "        if (!isVolatile && (user.IsLinked || user.Session is not null))\n            AppendExcept(user.Session?.Reader, frame);"),
        new("changes are noted while somebody is linked", "10", Posts, "_roster.PresenceCount > 0 || _journal.ReaderCount > 0", "_roster.PresenceCount > 0"),
        new("changes do not count", "10", Posts, "            PostToPresence(frame, own);", "            if (_roster.PresenceCount > 0)\n                _effects.Broadcast(frame, RoomAudience.Presence);"),
        new("whoever comes back is told of its own unlink", "10", Posts, "is { IsLinked: false } user", "is { IsLinked: false, Connection: not null } user"),
        new("whoever is linked is not told of its own changes", "10", Posts, "is { IsLinked: false } user", "is { } user"),
        new("whoever is away is not told of others together with itself", "10", "Room/PresenceChanges.cs", "_changes.TrueForAll(", "_changes.Exists("),
        new("an entry for all but one is for that one", "10", Entry, "(one == reader) != IsForOthers", "one == reader || IsForOthers"),
        new("an entry for one is for the others", "10", Entry, "(one == reader) != IsForOthers", "one != reader"),
        new("entries for all but one are no shared ones", "10", Entry, "Readers is null || IsForOthers", "Readers is null"),
        new("who is left out of an entry counts it", "10", Journal, "        reader.Add(Newest + 1, -1, Oldest);\n", ""),
        new("who has an entry alone does not count it", "10", Journal, "        reader.Add(Newest + 1, 1, Oldest);\n        Add(frame, reader,", "        Add(frame, reader,"),
        new("differences count from the entry before", "10", Journal, "        reader.Add(Newest + 1, 1, Oldest);\n        Add(frame, reader,", "        reader.Add(Newest, 1, Oldest);\n        Add(frame, reader,"),
        new("a difference counts behind its entry", "10", Reader, "if (_differences[middle].Number <= number)", "if (_differences[middle].Number < number)"),
        new("a place is sought too early", "10", Journal, "if (CountUpTo(reader, middle) <= count)", "if (CountUpTo(reader, middle) < count)"),
        new("differences that are needed are let go", "10", Reader, "&& _differences[half].Number < oldest", "") { Also = ("DifferencesKept = 64", "DifferencesKept = 1") },

        // What is volatile, and what several users are sent.
        new("what may be lost counts for all", "10", Posts, "        if (!isVolatile)\n            _journal.Append(frame);\n        Broadcast", "        _journal.Append(frame);\n        Broadcast"),
        new("what may be lost counts for all but one", "10", Posts, "        if (!isVolatile)\n            AppendExcept(user", "            AppendExcept(user"),
        new("what may be lost counts for one", "10", Posts, "if (!isVolatile && user.Session?.Reader", "if (user.Session?.Reader"),
        new("what may be lost goes to nobody", "10", Posts, "            _effects.Send(connection.Id, frame, isVolatile);", "            _effects.Send(connection.Id, isVolatile ? user.LinkedFrame : frame, isVolatile);"),
        new("what may be lost of a client's counts", "10", Input, "            if (!frame.Message.IsVolatile)\n", ""),
        new("a leave may be lost", "10", Input, "                CountReceived(user);\n                LeaveUser", "                if (!frame.Message.IsVolatile)\n                    CountReceived(user);\n                LeaveUser"),
        new("any mark says that a message may be lost", "10", "Protocol/FrameReader.cs", "reader.TokenType == JsonTokenType.True", "true"),
        new("whoever is named twice is sent it twice", "10", "Room/KrmxRoomCore.Messages.cs", ".Distinct()]", "]"),
        new("a message for some counts for all", "10", Posts, "            _journal.AppendOnly(readers, frame);", "            _journal.Append(frame);"),
        new("a message for some is not kept", "10", Posts, "        if (readers.Length > 0)\n", "        if (readers.Length > 9)\n"),
        new("a message for some counts for the first of them", "10", Journal, "        foreach (JournalReader reader in readers)\n            reader.Add(Newest + 1, 1, Oldest);\n", "        readers[0].Add(Newest + 1, 1, Oldest);\n"),

        // What counts of what the client sends.
        new("messages do not count", "10", Input, "                CountReceived(user);\n            _events", "                ;\n            _events"),
        new("unlink does not count", "10", Input, "                CountReceived(user);\n                UnlinkUser", "                UnlinkUser"),
        new("leave does not count", "10", Input, "                CountReceived(user);\n                LeaveUser", "                LeaveUser"),
        new("a link counts", "10", Input, "            case MessageTypes.Link:\n", "            case MessageTypes.Link:\n                CountReceived(user);\n"),
        new("an ack counts", "10", Input, "when TryTakeAck(user, frame.Message):\n", "when TryTakeAck(user, frame.Message):\n                CountReceived(user);\n"),
        new("whoever comes back is told what it had been told", "10", Sessions, "(session.ReceivedTold, session.AckDue) = (session.Received, null);\n        NoteChange", "session.AckDue = null;\n        NoteChange")
        {
            Also = ("recovered: true, session.Received)", "recovered: true, session.ReceivedTold)"),
        },
        new("whoever comes back is told it twice", "10", Sessions, "(session.ReceivedTold, session.AckDue) = (session.Received, null);\n        NoteChange", "session.AckDue = null;\n        NoteChange"),

        // Acks.
        new("acks wait for one more", "10", Sessions, "session.Received - session.ReceivedTold >= FramesBetweenAcks", "session.Received - session.ReceivedTold > FramesBetweenAcks"),
        new("acks wait for their time alone", "10", Sessions, "FramesBetweenAcks = 32", "FramesBetweenAcks = int.MaxValue"),
        new("acks have no time", "10", Sessions, "        else if (session.AckDue is null)\n            _sessions.AckBy(session, _now + AckDelay);\n", ""),
        new("acks wait for twice the time", "10", Sessions, "FromMilliseconds(250)", "FromMilliseconds(500)"),
        new("every message puts the ack off", "10", Sessions, "else if (session.AckDue is null)", "else"),
        new("an ack's time is not announced", "10", SessionTable, "Earlier(PeekAck(), _suspended.First?.Value.Due)", "_suspended.First?.Value.Due"),
        new("of the acks that are due one is sent", "10", Sessions, "while (_sessions.TryTakeUnacknowledged(", "if (_sessions.TryTakeUnacknowledged("),
        new("an ack is due of one who is away", "10", SessionTable, "        session.AckDue = null;\n        session.Due = now + grace;\n        session.Place", "        session.Due = now + grace;\n        session.Place"),
        new("an ack that was sent is sent again", "10", Sessions, "        session.AckDue = null;\n        _effects", "        _effects"),
        new("acks say what the client has had, not what it was sent", "10", Sessions, "? 0 : _journal.CountFor(session.Reader)", "? 0 : session.Reader.Confirmed"),
        new("a session's end is not preceded by an ack", "10", Transitions, "        if (end is not null && !own.IsClosing)\n            SendAck(session!);\n", ""),
        new("the room's close is not preceded by an ack", "10", Transitions, "                if (user.Session is Session attached)\n                    SendAck(attached);\n", ""),
        new("an ack of more than was sent is taken", "10", Sessions, "received > CountSent(session) || ", ""),
        new("an ack of less than before is taken", "10", Sessions, " || received < (session.Reader?.Confirmed ?? 0))", ")"),
        new("an ack is taken whatever it says was sent", "10", Sessions, "sent != session.Received || ", ""),
        new("an ack that says nothing is taken", "10", Sessions, "            Payloads.ReadCount(ack.Payload.Span, \"sent\") is not long sent)\n            return false;", "            false)\n            return false;\n        long sent = Payloads.ReadCount(ack.Payload.Span, \"sent\") ?? session.Received;"),
        new("an ack without a session is taken", "10", Input, "case MessageTypes.Ack when TryTakeAck(user, frame.Message):", "case MessageTypes.Ack when user.Session is null || TryTakeAck(user, frame.Message):"),
        new("an ack confirms nothing", "10", Sessions, "            session.Reader.Confirmed = received;\n", "            ;\n"),
        new("an ack of one who is not linked is rejected", "10", Input, "else if (frame.IsValid && frame.Message.Type == MessageTypes.Ack)", "else if (frame.IsValid && frame.Message.Type.Length == 0)"),

        // The end of a session.
        new("sessions never end", "10", Sessions, "_sessions.TryFindExpired(_now,", "_sessions.TryFindExpired(TimeSpan.MinValue,"),
        new("a session ends too late", "10", SessionTable, "first && due <= now", "first && due < now"),
        new("of the sessions whose time is over one ends", "10", Sessions, "while (_sessions.TryFindExpired(", "if (_sessions.TryFindExpired("),
        new("the time of sessions is not announced", "10", SessionTable, "_suspended.First?.Value.Due", "null"),
        new("sessions that ended are remembered for ever", "10", Sessions, "        _sessions.Forget(_now);\n", ""),
        new("sessions that ended are forgotten at once", "10", SessionTable, "        session.Due = now + grace;\n        _ended", "        session.Due = now;\n        _ended"),
        new("a client that unlinks is expected back", "10", Sessions, "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut", "UnlinkReason.ConnectionClosed or UnlinkReason.Requested or UnlinkReason.TimedOut")
        {
            Also = ("UnlinkReason.Requested or UnlinkReason.Application =>", "UnlinkReason.Application =>"),
        },
        new("a client that the application unlinks is expected back", "10", Sessions, "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut", "UnlinkReason.ConnectionClosed or UnlinkReason.Application or UnlinkReason.TimedOut")
        {
            Also = ("UnlinkReason.Requested or UnlinkReason.Application =>", "UnlinkReason.Requested =>"),
        },
        new("a client that broke the protocol is expected back", "10", Sessions, "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut", "UnlinkReason.ConnectionClosed or UnlinkReason.ProtocolViolation or UnlinkReason.TimedOut"),
        new("a client that sent too much is expected back", "10", Sessions, "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut", "UnlinkReason.ConnectionClosed or UnlinkReason.RateExceeded or UnlinkReason.TimedOut"),
        new("a client that was silent is not expected back", "10", Sessions, "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut or UnlinkReason.TooSlow", "UnlinkReason.ConnectionClosed or UnlinkReason.TooSlow"),
        new("a client that was slow is not expected back", "10", Sessions, "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut or UnlinkReason.TooSlow", "UnlinkReason.ConnectionClosed or UnlinkReason.TimedOut"),
        new("a session outlives its user", "10", Transitions, "        if (user.Session is Session suspended)\n            EndSession(suspended, reason);\n", ""),
        new("a session outlives a link without one", "10", Links, "            if (user.Session is Session suspended)\n                EndSession(suspended, SessionEndReason.Replaced);\n", ""),
        new("a session outlives the one that replaces it", "10", Sessions, "        if (user.Session is Session suspended)\n            EndSession(suspended, SessionEndReason.Replaced);\n", ""),
        new("the end of sessions is not told when the room closes", "10", Transitions, "            if (user.Session is Session session)\n                EndSession(session, SessionEndReason.RoomClosed);\n", ""),
        new("sessions outlive the room's closing", "10", Transitions, "        _sessions.Clear();\n", ""),
        new("the application is not told that a session ended", "10", Sessions, "        _events.Enqueue(new RoomEvent(RoomEventKind.SessionEnd, session.User, SessionEnd: reason));\n", ""),
        new("others are not told of one who is expected back", "10", Transitions, "        BroadcastClassic(frame);\n        if (isToldByBroadcast)", "        if (session is null || end is not null)\n            BroadcastClassic(frame);\n        if (isToldByBroadcast)"),
        new("those with presence are not told of one who is expected back", "10", Transitions, "        NoteChange(PresenceChange.Unlinked, user);\n", "        if (session is null || end is not null)\n            NoteChange(PresenceChange.Unlinked, user);\n"),
        new("changes are noted for a session that has ended", "10", Transitions, "        if (end is not null)\n            EndSession(session!, end.Value);\n        NoteChange(PresenceChange.Unlinked, user);\n", "        NoteChange(PresenceChange.Unlinked, user);\n        if (end is not null)\n            EndSession(session!, end.Value);\n"),
        new("others are not told of one who is back", "10", Sessions, "        BroadcastClassic(user.LinkedFrame);\n", ""),
        new("those with presence are not told of one who is back", "10", Sessions, "        NoteChange(PresenceChange.Linked, user);\n", ""),
        new("who is back is never seated", "10", Sessions, "        _effects.Seat(connection.Id, RoomAudience.Presence, user.Name);\n", ""),

        // What is kept.
        new("any number of messages is kept", "10", Journal, "EntryCount > maxEntries || ", ""),
        new("any number of bytes is kept", "10", Journal, " || Bytes > maxBytes", ""),
        new("one message less is kept", "10", Journal, "EntryCount > maxEntries", "EntryCount >= maxEntries && EntryCount > 0"),
        new("messages are kept without a session", "10", Journal, "        if (_readers.Count > 0)\n            Add(", "        Add("),
        new("messages are kept when the last session ends", "10", Journal, "        if (_readers.Count == 0)\n            DropUpTo(Newest);\n", ""),
        new("messages are kept for all but the only session", "10", Journal, "        if (_readers.Count == 1)\n            return;\n", ""),
        new("a session that ended is counted among those that read", "10", Sessions, "        if (session.Reader is not null)\n            _journal.End(session.Reader);\n", ""),
        new("what one session has confirmed goes, though others need it", "10", Journal, "needed = Math.Min(needed, position)", "needed = position") { Also = ("EntriesBetweenTrims = 256", "EntriesBetweenTrims = 1") },
        new("what sessions have not confirmed goes", "10", Journal, "=> TryFind(reader, reader.Confirmed, out position)", "=> TryFind(reader, reader.Confirmed + 1, out position)") { Also = ("EntriesBetweenTrims = 256", "EntriesBetweenTrims = 1") },
        new("whoever misses something is expected back", "10", Sessions, "_journal.TryFindConfirmed(reader, out _) ? null : SessionEndReason.Overflowed", "null"),
        new("whoever misses something by and by is expected back", "10", Sessions, "if (_journal.Oldest <= _sessions.OldestNeeded)", "if (_journal.Oldest <= long.MaxValue)"),
        new("whoever has just missed something is expected back", "10", Sessions, "if (_journal.Oldest <= _sessions.OldestNeeded)", "if (_journal.Oldest <= _sessions.OldestNeeded + 1)"),
        new("nobody notes what the latest who is away needs", "10", SessionTable, "        _oldestNeeded = Math.Min(OldestNeeded, position + 1);\n", "        _ = OldestNeeded;\n"),
        new("changes that overflow a session are not noticed", "10", Input, "        while (EndOverflowed());", "        while (false);"),
        new("a session's end by changes waits for the next turn", "10", Input, "        do\n        {\n", "        EndOverflowed();\n        do\n        {\n") { Also = ("        while (EndOverflowed());", "        while (false);") },
        new("what listeners change when a session ends waits for the next turn", "10", Input, "        while (EndOverflowed());", "        while (EndOverflowed() && false);"),
    ];
}

using Krmx.Simulation.Mutation;

namespace Krmx.Tests.Simulation;

/// <summary>Defects of the server, each against a section of docs/protocol.md.</summary>
internal static class Mutants
{
    private const string Input = "Room/KrmxRoomCore.Input.cs";
    private const string Links = "Room/KrmxRoomCore.Links.cs";
    private const string Transitions = "Room/KrmxRoomCore.Transitions.cs";
    private const string Application = "Room/KrmxRoomCore.Application.cs";
    private const string Users = "Room/KrmxRoomCore.Users.cs";
    private const string Away = "Room/AwayUsers.cs";
    private const string Events = "Room/KrmxRoomCore.Events.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("conditions are not checked again after authentication", "8.2", Links,
            "else if (Refusal(attempt.Username, user) is (RejectionKind kind, string reason))", "else if (Refusal(attempt.Username, null) is (RejectionKind kind, string reason))"),
        new("an authentication holds for whoever has the name by then", "8.2", Links, "else if (user != attempt.User)", "else if (user is null && attempt.User is not null)"),
        new("a connection that closes keeps its attempt", "8.3", Input, "            EndAttempt(attempt);\n", ""),
        new("a kicked user's attempts go on", "8.3", Transitions, "_attempts.For(user)", "Array.Empty<LinkAttempt>()"),
        new("an overtaken authentication is not cancelled", "8.3", Links, "_effects.CancelAuthentication(attempt.Connection.Id, attempt.Id);", ";"),
        new("the timer fires after the decision", "8.4", "Room/LinkAttempts.cs", "        TryPeek(out attempt) && attempt.Due", "        _byDue.TryPeek(out attempt) && attempt.Due"),
        new("frames are handled at once while an attempt is pending", "8.5", Input, "if (!connection.IsBusy)", "if (true)"),
        new("any number of frames may wait", "8.5", "Room/RoomConnection.cs", "(_pending?.Count ?? 0) >= maxFrames", "maxFrames < 0"),
        new("any number of bytes may wait", "8.5", "Room/RoomConnection.cs", "frame.Length > maxBytes - _pendingBytes", "maxBytes < 0"),
        new("bytes that waited are counted for ever", "8.5", "Room/RoomConnection.cs", "        _pendingBytes -= frame.Length;\n", ""),
        new("frames that waited are forgotten", "8.5", Links, "if (!connection.HasPending || connection.IsPendingDue)", "if (connection.Attempt is null)"),
        new("frames that waited are handled before their turn's events", "8.5", Links,
            "        connection.IsPendingDue = true;\n        _events.Enqueue(new RoomEvent(RoomEventKind.HandlePending, Connection: connection));",
            "        connection.IsPendingDue = true;\n        HandlePending(connection);"),
        new("an answer that is none accepts", "8.6", "Room/LinkResult.cs", "public bool IsAccepted => _accepted;", "public bool IsAccepted => _accepted || _reason is null;"),
        new("names are compared without regard to case", "8.7", "Room/Roster.cs", "StringComparer.Ordinal", "StringComparer.OrdinalIgnoreCase"),
        new("a takeover does not unlink the one before", "8.8", Links, "            UnlinkUser(user, UnlinkReason.Replaced);", "            user.Connection!.User = null;"),
        new("a takeover wins under the policy Reject", "8.8", Links, "when _options.Links.Conflict == LinkConflict.Reject", "when _options.Links.Conflict > LinkConflict.Replace"),
        new("strangers are told how things are before they have authenticated", "8.2", Links, "if (!_options.Links.AuthenticateFirst && Refusal(", "if (Refusal("),
        new("a throwing listener stops the others", "8.10", "ListenerList.cs", "                failed(eventName, error);", "                failed(eventName, error);\n                break;"),
        new("a newcomer whom a join listener kicked is linked", "8.10", Links, "if (!attempt.IsOver)\n            Link(attempt, attempt.User!);", "Link(attempt, attempt.User!);"),
        new("a link does not wait for the join listeners", "8.10", Links,
            "_events.Enqueue(new RoomEvent(RoomEventKind.FinishLink, Attempt: attempt));", "FinishLink(attempt);"),
        new("calls made inside a listener deliver their events at once", "8.10", Events, "if (_room._depth == 1)", "if (_room._depth >= 1)"),
        new("a refused attempt is not told", "8.11", Links, "        Reject(attempt.Connection, kind, reason);\n", ""),
        new("an attempt that is over stays on its connection", "8.11", "Room/LinkAttempts.cs", "        attempt.Connection.Attempt = null;\n", ""),
        new("an invalid message unlinks nobody", "4", Input, "            UnlinkUser(user, UnlinkReason.ProtocolViolation);", "            break;".Trim()),
        new("new users are always accepted", "4", Links, "null when !AcceptsNewUsers", "null when AcceptsNewUsers && !AcceptsNewUsers"),
        new("the newcomer is not told who is linked", "4", "Room/RosterPage.cs", "if (user.IsLinked)", "if (user.IsLinked && user == _users[^1])"),
        new("the newcomer is told before it is accepted", "4", "Room/Roster.cs", "[Beginning, .. _pages.Select(static page => page.Frames)]", "[.. _pages.Select(static page => page.Frames), Beginning]"),
        new("the newcomer is told who was linked before", "4", "Room/Roster.cs", "        user.Page!.Change();\n        Away.Remove(user);", "        Away.Remove(user);"),
        new("the newcomer is told that those are linked who are away", "4", "Room/Roster.cs", "        user.Page!.Change();\n        Away.Add(user);", "        Away.Add(user);")
        {
            Also = ("_pages[^1].Users.Count >= RosterPage.Size", "_pages[^1].Users.Count >= 1"),
        },
        new("the newcomer is told of those who left", "4", "Room/RosterPage.cs", "        _users.Remove(user);\n        Change();", "        _users.Remove(user);")
        {
            Also = ("Size = 64", "Size = 2"),
        },
        new("users change places when pages become one", "4", "Room/Roster.cs", "_pages[left].TryTakeOver(_pages[left + 1]))\n                _pages.RemoveAt(left + 1);", "_pages[left + 1].TryTakeOver(_pages[left]))\n                _pages.RemoveAt(left);")
        {
            Also = ("_pages[^1].Users.Count >= RosterPage.Size", "_pages[^1].Users.Count >= 1"),
        },
        new("the others are not told of a link", "4", Transitions, "        BroadcastClassic(user.LinkedFrame);\n", ""),
        new("the unlinked one's own connection is not told", "4", Transitions, "bool isToldByBroadcast = !own.IsClosing && !own.HasPresence;", "bool isToldByBroadcast = false;") { Also = ("else if (!own.IsClosing)", "else if (false)") },
        new("a connection that is gone is sent to", "4", Transitions, "bool isToldByBroadcast = !own.IsClosing && !own.HasPresence;", "bool isToldByBroadcast = true;"),
        new("the left one's own connection is not told", "4", Transitions, "            _effects.Send(own.Id, user.LeftFrame);\n        }\n        _roster.Remove(user);\n        NoteChange", "        }\n        _roster.Remove(user);\n        NoteChange"),
        new("a message to all leaves out nobody", "4", Application, "if (left.Connection is RoomConnection own)", "if (left.Connection is RoomConnection { User: null } own)"),
        new("a newcomer is seated before the others are told", "4", Transitions, "        BroadcastClassic(user.LinkedFrame);\n        _effects.Seat(connection.Id, connection.HasPresence ? RoomAudience.Presence : RoomAudience.Classic);", "        _effects.Seat(connection.Id, connection.HasPresence ? RoomAudience.Presence : RoomAudience.Classic);\n        BroadcastClassic(user.LinkedFrame);"),
        new("a newcomer is never seated", "4", Transitions, "        _effects.Seat(connection.Id, connection.HasPresence ? RoomAudience.Presence : RoomAudience.Classic);\n", ""),
        new("whoever is closed keeps a seat", "4", Transitions, "                _effects.Unseat(own.Id);\n                _effects.Send(own.Id, user.UnlinkedFrame);", "                _effects.Send(own.Id, user.UnlinkedFrame);"),
        new("an authentication may take as long as it likes", "8.4", Links, "_now + _options.Links.AuthenticationTimeout", "TimeSpan.MaxValue"),
        new("an answer counts after its attempt is over", "8.3", "Room/LinkAttempts.cs", "        _byId.Remove(attempt.Id);\n", ""),
        new("a call in the wrong state is not refused", "4", Application, "Demand(user.IsLinked, \"unlink a user\"", "Demand(true, \"unlink a user\""),
        new("an application may send the protocol's own types", "2", "Protocol/KrmxMessage.cs", "Type.StartsWith(ReservedPrefix, StringComparison.Ordinal)", "false"),
        new("there may be one user more", "4", Users, "_roster.Count < _options.Users.Max", "_roster.Count <= _options.Users.Max")
        {
            Also = ("_roster.Count >= _options.Users.Max", "_roster.Count > _options.Users.Max"),
        },
        new("there may be one user less", "4", Users, "_roster.Count < _options.Users.Max", "_roster.Count + 1 < _options.Users.Max")
        {
            Also = ("_roster.Count >= _options.Users.Max", "_roster.Count + 1 >= _options.Users.Max"),
        },
        new("a full room makes no place", "4", Users, "|| _roster.Away.LeastUsed is not null", ""),
        new("a room makes place that is not full", "4", Users, "if (_roster.Count >= _options.Users.Max)", "if (_roster.Away.LeastUsed is not null)"),
        new("the application may join more users than there may be", "4", Application, "Demand(HasPlace, ", "Demand(true, "),
        new("whoever is let go is not told of", "4", Users, "LeaveUser(_roster.Away.LeastUsed!);", "_roster.Remove(_roster.Away.LeastUsed!);"),
        new("whoever was here for the longest time is let go", "4", Away, "_spare.Min", "_spare.Max"),
        new("whoever has been away for the longest time is let go", "4", Away, "left.TimeLinked.CompareTo(right.TimeLinked)", "0"),
        new("of those who were here as long the last to go is let go", "4", Away, "left.Absence.CompareTo(right.Absence)", "right.Absence.CompareTo(left.Absence)"),
        new("the latest link alone counts", "4", "Room/Roster.cs", "user.TimeLinked += now - user.Since;", "user.TimeLinked = now - user.Since;"),
        new("time away counts as time here", "4", "Room/Roster.cs", "        user.Since = now;\n        user.Page!.Change();\n        Away.Remove(user);", "        user.Page!.Change();\n        Away.Remove(user);"),
        new("somebody who is linked is let go", "4", "Room/Roster.cs", "        Away.Remove(user);\n        LinkedCount++;", "        LinkedCount++;"),
        new("somebody who is being linked is let go", "4", Away, "if (user.AttemptCount++ == 0 && user.IsAway)", "if (user.AttemptCount++ < 0)"),
        new("of two links that are under way the first to end lets go", "4", Away, "--user.AttemptCount == 0 && user.IsAway", "--user.AttemptCount >= 0 && user.IsAway"),
        new("whoever failed to link again is never let go", "4", Away, "--user.AttemptCount == 0 && user.IsAway", "--user.AttemptCount < 0"),
        new("a user whom the application has joined is let go", "4", "Room/Roster.cs", "        _pages[^1].Add(user);\n", "        _pages[^1].Add(user);\n        Away.Add(user);\n"),
        new("time away begins with the link", "4", "Room/Roster.cs", "        user.Since = now;\n        user.Page!.Change();\n        Away.Add(user);", "        user.Page!.Change();\n        Away.Add(user);"),
        new("whoever went last leaves first", "4", Away, "_byAbsence.AddLast(user.Place);", "_byAbsence.AddFirst(user.Place);"),
        new("whoever is away leaves too early", "4", Users, "while (NextTimeout <= _now)", "while (NextTimeout < _now + TimeSpan.FromSeconds(2))"),
        new("of those who have been away for too long one leaves", "4", Users, "while (NextTimeout <= _now)", "if (NextTimeout <= _now)"),
        new("nobody leaves who is away", "4", Input, "        LetGoWhoTimedOut();\n", ""),
        new("a time without a link is not announced", "4", Input, "Earlier(_attempts.NextDue, NextTimeout)", "_attempts.NextDue"),
        new("an authentication's time is not announced while somebody is away", "4", Input, "Earlier(_attempts.NextDue, NextTimeout)", "NextTimeout ?? _attempts.NextDue"),
        new("closing leaves users behind", "4", Transitions, "            _roster.Remove(user);\n            _events.Enqueue", "            _events.Enqueue"),
        new("closing does not wait for the connections", "4", Transitions, "Status != RoomStatus.Closing || _connections.Count > 0", "Status != RoomStatus.Closing"),
        new("changes wait for longer than the turn", "10", Input, "        if (_changes.Due <= _now)\n            TellChanges();", "        if (_changes.Due < _now)\n            TellChanges();"),
        new("changes are told before the interval is over", "10", Input, "        if (_changes.Due <= _now)\n            TellChanges();", "        TellChanges();"),
        new("nobody looks when changes are due", "10", Input, "Earlier(_changes.Due, Earlier(_attempts.NextDue, NextTimeout))", "Earlier(_attempts.NextDue, NextTimeout)"),
        new("a later change puts earlier ones off", "10", "Room/PresenceChanges.cs", "Due ??= now + interval", "Due = now + interval"),
        new("a message to all comes before the changes", "10", Application, "        using Scope scope = Enter();\n        TellChanges();\n        Broadcast(frame);", "        using Scope scope = Enter();\n        Broadcast(frame);"),
        new("a message to one comes before the changes", "10", Application, "        TellChanges();\n        _effects.Send(user", "        _effects.Send(user"),
        new("a message to all but one comes before the changes", "10", Application, "        TellChanges();\n        if (left.Connection is", "        if (left.Connection is"),
        new("a newcomer is told of losses that it cannot know of", "10", Transitions, "if (connection.HasPresence && _changes.HasLosses)", "if (false)"),
        new("a newcomer has the others told at once", "10", Transitions, "if (connection.HasPresence && _changes.HasLosses)", "if (connection.HasPresence)"),
        new("changes that were told are told again", "10", "Room/PresenceChanges.cs", "        _changes.Clear();\n        HasLosses", "        HasLosses"),
        new("losses that were told are losses for ever", "10", "Room/PresenceChanges.cs", "        HasLosses = false;\n", ""),
        new("changes outlive the room's closing", "10", Transitions, "        _changes.Clear();\n", ""),
        new("a join is not told to those with presence", "10", Transitions, "        NoteChange(PresenceChange.Joined, user);\n", ""),
        new("a link is not told to those with presence", "10", Transitions, "        NoteChange(PresenceChange.Linked, user);\n", ""),
        new("an unlink is not told to those with presence", "10", Transitions, "        NoteChange(PresenceChange.Unlinked, user);\n", ""),
        new("a leave is not told to those with presence", "10", Transitions, "        NoteChange(PresenceChange.Left, user);\n", ""),
        new("one who is alone is told of itself", "10", Transitions, "        NoteChange(PresenceChange.Linked, user);\n        connection.HasPresence = extensions.HasFlag(KrmxExtensions.Presence);\n        _roster.Tie(user, connection, _now);", "        connection.HasPresence = extensions.HasFlag(KrmxExtensions.Presence);\n        _roster.Tie(user, connection, _now);\n        NoteChange(PresenceChange.Linked, user);"),
        new("classic clients are told of a turn's changes together", "10", Transitions, "_effects.Broadcast(frame, RoomAudience.Presence)", "_effects.Broadcast(frame)"),
        new("those with presence are told one by one as well", "10", Transitions, "_effects.Broadcast(frame, RoomAudience.Classic)", "_effects.Broadcast(frame)"),
        new("a connection keeps the presence of its last link", "10", Transitions, "connection.HasPresence = extensions.HasFlag(KrmxExtensions.Presence);", "connection.HasPresence |= extensions.HasFlag(KrmxExtensions.Presence);"),
        new("those with presence are counted for ever", "10", "Room/Roster.cs", "        PresenceCount -= user.Connection!.HasPresence ? 1 : 0;\n        user.Connection.User", "        user.Connection!.User"),
        new("nobody says that a newcomer has been told all", "10", Events, "_effects.Send(newcomer.Id, Frames.Ready);", ";"),
        new("ready is said of a link that is over", "10", Events, "is { HasPresence: true } newcomer && newcomer.User == next.User", "is { HasPresence: true } newcomer"),
        new("ready comes behind the link event", "10", Events, "                _onLink.Notify(next, static (listener, e) => listener(e.User!), _listenerFailed);\n", "                ;\n") { Also = ("                if (next.Connection is { HasPresence: true }", "                _onLink.Notify(next, static (listener, e) => listener(e.User!), _listenerFailed);\n                if (next.Connection is { HasPresence: true }") },
        new("classic clients are sent ready", "10", Events, "next.Connection is { HasPresence: true } newcomer", "next.Connection is RoomConnection newcomer"),
        new("a page of users is kept when one of them changes", "10", "Room/RosterPage.cs", "_frames = _presence = null", "_frames = null"),
        new("users are listed as linked who are not", "10", "Protocol/PresenceFrames.cs", "WriteBooleanValue(user.IsLinked)", "WriteBooleanValue(true)"),
        new("an extension nobody knows is refused", "10", "Protocol/Extensions.cs", "            if (array.GetString() == Presence)\n                extensions |=", "            if (array.GetString() != Presence)\n                return false;\n            else\n                extensions |="),
        new("extensions may be anything", "10", "Protocol/Extensions.cs", "if (array.TokenType != JsonTokenType.StartArray)\n            return false;", "if (array.TokenType != JsonTokenType.StartArray)\n            return true;"),
    ];
}

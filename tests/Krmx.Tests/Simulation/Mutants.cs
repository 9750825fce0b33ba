using Krmx.Simulation.Mutation;

namespace Krmx.Tests.Simulation;

/// <summary>Defects of the server, each against a section of docs/protocol.md, or what docs/architecture.md says of alarms.</summary>
internal static class Mutants
{
    private const string Input = "Room/KrmxRoomCore.Input.cs";
    private const string Links = "Room/KrmxRoomCore.Links.cs";
    private const string Transitions = "Room/KrmxRoomCore.Transitions.cs";
    private const string Application = "Room/KrmxRoomCore.Application.cs";
    private const string Users = "Room/KrmxRoomCore.Users.cs";
    private const string Away = "Room/AwayUsers.cs";
    private const string Alarms = "Room/KrmxRoomCore.Alarms.cs";
    private const string AlarmOrder = "Room/RoomAlarms.cs";
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
        new("the newcomer is told of those who left", "4", "Room/RosterPage.cs", "        _users.Remove(user);\n        _frames = null;", "        _users.Remove(user);")
        {
            Also = ("Size = 64", "Size = 2"),
        },
        new("users change places when pages become one", "4", "Room/Roster.cs", "_pages[left].TryTakeOver(_pages[left + 1]))\n                _pages.RemoveAt(left + 1);", "_pages[left + 1].TryTakeOver(_pages[left]))\n                _pages.RemoveAt(left);")
        {
            Also = ("_pages[^1].Users.Count >= RosterPage.Size", "_pages[^1].Users.Count >= 1"),
        },
        new("the others are not told of a link", "4", Transitions, "        Broadcast(user.LinkedFrame);\n", ""),
        new("the unlinked one's own connection is not told", "4", Transitions, "if (own.IsClosing)\n            _effects.Unseat(own.Id);\n        Broadcast(user.UnlinkedFrame);\n        if (!own.IsClosing)\n            _effects.Unseat(own.Id);", "_effects.Unseat(own.Id);\n        Broadcast(user.UnlinkedFrame);"),
        new("a connection that is gone is sent to", "4", Transitions, "if (own.IsClosing)\n            _effects.Unseat(own.Id);\n        Broadcast(user.UnlinkedFrame);\n        if (!own.IsClosing)\n            _effects.Unseat(own.Id);", "Broadcast(user.UnlinkedFrame);\n        _effects.Unseat(own.Id);"),
        new("the left one's own connection is not told", "4", Transitions, "            _effects.Send(own.Id, user.LeftFrame);\n        }\n        _roster.Remove(user);\n        Broadcast", "        }\n        _roster.Remove(user);\n        Broadcast"),
        new("a message to all leaves out nobody", "4", Application, "if (left.Connection is RoomConnection own)", "if (left.Connection is RoomConnection { User: null } own)"),
        new("a newcomer is seated before the others are told", "4", Transitions, "        Broadcast(user.LinkedFrame);\n        _effects.Seat(connection.Id);", "        _effects.Seat(connection.Id);\n        Broadcast(user.LinkedFrame);"),
        new("a newcomer is never seated", "4", Transitions, "        _effects.Seat(connection.Id);\n", ""),
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
        new("a time without a link is not announced", "4", Input, "Earlier(NextTimeout, NextAlarm)", "NextAlarm"),
        new("an authentication's time is not announced while somebody is away", "4", Input, "=> Earlier(_attempts.NextDue, ", "=> NextTimeout ?? Earlier(_attempts.NextDue, "),
        new("closing leaves users behind", "4", Transitions, "            _roster.Remove(user);\n            _events.Enqueue", "            _events.Enqueue"),
        new("closing does not wait for the connections", "4", Transitions, "Status != RoomStatus.Closing || _connections.Count > 0", "Status != RoomStatus.Closing"),
        new("a moved alarm rings at its old time", "alarms", AlarmOrder, "        Cancel(name);\n", "        _byName.Remove(name);\n"),
        new("an alarm cannot be moved", "alarms", AlarmOrder, "        Cancel(name);\n", "        if (_byName.ContainsKey(name))\n            return;\n"),
        new("a moved alarm keeps its place among those that are due together", "alarms", AlarmOrder,
            "        Cancel(name);\n        var alarm = new RoomAlarm(name, due, ++LastNumber);",
            "        RoomAlarm? before = Find(name);\n        Cancel(name);\n        var alarm = new RoomAlarm(name, due, before?.Number ?? ++LastNumber);"),
        new("a cancelled alarm rings", "alarms", Alarms, "return _alarms.Cancel(name);", "return _alarms.Find(name) is not null;"),
        new("cancelling never tells whether there was one", "alarms", Alarms, "return _alarms.Cancel(name);", "return _alarms.Cancel(name) || true;"),
        new("an alarm rings twice", "alarms", Alarms, "        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));\n    }\n}",
            "        _onAlarm.Notify(alarm.Name, static (listener, name) => listener(name), _listenerFailed);\n        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));\n    }\n}"),
        new("of the alarms that are due one rings", "alarms", Alarms, "        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));\n    }\n}", "    }\n}"),
        new("alarms ring in the order of their names", "alarms", AlarmOrder, "left.Due.CompareTo(right.Due)", "string.CompareOrdinal(left.Name, right.Name)"),
        new("alarms that are due together ring in the order of their names", "alarms", AlarmOrder,
            "left.Number.CompareTo(right.Number)", "string.CompareOrdinal(left.Name, right.Name)"),
        new("of alarms that are due together the one set last rings first", "alarms", AlarmOrder,
            "left.Number.CompareTo(right.Number)", "right.Number.CompareTo(left.Number)"),
        new("names of alarms are compared without regard to case", "alarms", AlarmOrder, "StringComparer.Ordinal", "StringComparer.OrdinalIgnoreCase"),
        new("an alarm rings too early", "alarms", AlarmOrder, "alarm.Due <= now", "alarm.Due <= now + TimeSpan.FromSeconds(2)"),
        new("an alarm rings too late", "alarms", AlarmOrder, "alarm.Due <= now", "alarm.Due < now"),
        new("no alarm rings", "alarms", Input, "        RingAlarms();\n", ""),
        new("an alarm's time counts from the room's beginning", "alarms", Alarms, "_now + due", "due"),
        new("an alarm's time is not announced", "alarms", Input, "Earlier(NextTimeout, NextAlarm)", "NextTimeout"),
        new("an alarm's time is not announced while somebody is away", "alarms", Input, "Earlier(NextTimeout, NextAlarm)", "NextTimeout ?? NextAlarm"),
        new("an alarm that a listener sets again is lost", "alarms", Alarms, "        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));\n    }\n}",
            "        _alarms.Cancel(alarm.Name);\n        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));\n    }\n}"),
        new("an alarm that a listener sets for at once rings at once", "alarms", Alarms, "_lastToRing = _alarms.LastNumber;", "_lastToRing = long.MaxValue;"),
        new("an alarm rings that a listener of the one before cancelled", "alarms", Alarms,
            "        _onAlarm.Notify(alarm.Name, static (listener, name) => listener(name), _listenerFailed);\n",
            "        if (_alarms.TryTakeDue(_now, _lastToRing, out RoomAlarm? next))\n            _onAlarm.Notify(alarm.Name, static (listener, name) => listener(name), _listenerFailed);\n        _onAlarm.Notify((next ?? alarm).Name, static (listener, name) => listener(name), _listenerFailed);\n"),
        new("an alarm rings before what the one before it has caused", "alarms", Alarms,
            "            return;\n        _onAlarm.Notify(alarm.Name, static (listener, name) => listener(name), _listenerFailed);\n        _events.Enqueue(new RoomEvent(RoomEventKind.RingAlarm));",
            "            return;\n        _onAlarm.Notify(alarm.Name, static (listener, name) => listener(name), _listenerFailed);\n        RingAlarm();"),
        new("alarms ring before those leave who have been away for too long", "alarms", Input, "        LetGoWhoTimedOut();\n        RingAlarms();\n", "        RingAlarms();\n        LetGoWhoTimedOut();\n"),
        new("alarms survive the close", "alarms", Transitions, "        _alarms.Clear();\n", ""),
        new("a room that has closed takes alarms", "alarms", Alarms, "DemandOpen(\"set an alarm\");", "VerifyTurn();"),
    ];
}

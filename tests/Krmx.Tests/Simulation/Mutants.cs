using Krmx.Simulation.Mutation;

namespace Krmx.Tests.Simulation;

/// <summary>Defects of the server, each against a section of docs/protocol.md.</summary>
internal static class Mutants
{
    private const string Input = "Room/KrmxRoomCore.Input.cs";
    private const string Links = "Room/KrmxRoomCore.Links.cs";
    private const string Transitions = "Room/KrmxRoomCore.Transitions.cs";
    private const string Application = "Room/KrmxRoomCore.Application.cs";
    private const string Events = "Room/KrmxRoomCore.Events.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("conditions are not checked again after authentication", "8.2", Links,
            "else if (Refusal(attempt.Username, user) is (RejectionKind kind, string reason))", "else if (Refusal(attempt.Username, null) is (RejectionKind kind, string reason))"),
        new("an authentication holds for whoever has the name by then", "8.2", Links, "else if (user != attempt.User)", "else if (user is null && attempt.User is not null)"),
        new("a connection that closes keeps its attempt", "8.3", Input, "            EndAttempt(attempt);\n", ""),
        new("a kicked user's attempts go on", "8.3", Transitions, "user.Attempts.ToArray()", "Array.Empty<LinkAttempt>()"),
        new("an overtaken authentication is not cancelled", "8.3", Links, "_output.CancelAuthentication(attempt.Id);", ";"),
        new("the timer fires after the decision", "8.4", Links, "_attempts.Remove(attempt.Id);", ""),
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
        new("a takeover wins under the policy Reject", "8.8", Links, "when _options.LinkConflict == LinkConflict.Reject", "when _options.LinkConflict > LinkConflict.Replace"),
        new("strangers are told how things are before they have authenticated", "8.2", Links, "if (!_options.AuthenticateFirst && Refusal(", "if (Refusal("),
        new("a throwing listener stops the others", "8.10", "ListenerList.cs", "                failed(eventName, error);", "                failed(eventName, error);\n                break;"),
        new("a newcomer whom a join listener kicked is linked", "8.10", Links, "if (attempt.Connection.Attempt == attempt)\n            Link(attempt, attempt.User!);", "Link(attempt, attempt.User!);"),
        new("a link does not wait for the join listeners", "8.10", Links,
            "_events.Enqueue(new RoomEvent(RoomEventKind.FinishLink, Attempt: attempt));", "FinishLink(attempt);"),
        new("calls made inside a listener deliver their events at once", "8.10", Events, "if (_server._depth == 1)", "if (_server._depth >= 1)"),
        new("a refused attempt is not told", "8.11", Links, "        Reject(attempt.Connection, kind, reason);\n", ""),
        new("an attempt that is over stays on its connection", "8.11", Links, "        attempt.Connection.Attempt = null;\n", ""),
        new("an invalid message unlinks nobody", "4", Input, "            UnlinkUser(user, UnlinkReason.ProtocolViolation);", "            break;".Trim()),
        new("new users are always accepted", "4", Links, "null when !AcceptsNewUsers", "null when AcceptsNewUsers && !AcceptsNewUsers"),
        new("the newcomer is not told who is linked", "4", "Room/Roster.cs", "if (user.IsLinked)", "if (user == _inJoinOrder[^1])"),
        new("the newcomer is told before it is accepted", "4", "Room/Roster.cs", "            _welcome[count++] = Frames.Accepted;\n", ""),
        new("the others are not told of a link", "4", Transitions, "        SendToOthers(connection.Id, user.LinkedFrame);\n", ""),
        new("the unlinked one's own connection is not told", "4", Transitions, "bool isGone = user.Connection!.IsClosing;", "bool isGone = true;"),
        new("a connection that is gone is sent to", "4", Transitions, "bool isGone = user.Connection!.IsClosing;", "bool isGone = false;"),
        new("the left one's own connection is not told", "4", Transitions, "            _output.Send(own.Id, user.LeftFrame);\n        }\n        _roster.Remove(user);\n        SendToLinked", "        }\n        _roster.Remove(user);\n        SendToLinked"),
        new("a message to all leaves out nobody", "4", Application, "if (left?.Connection is ServerConnection own)", "if (left?.Connection is ServerConnection { User: null } own)"),
        new("those linked are remembered from before", "4", "Room/Roster.cs", "        user.Connection!.User = null;\n        user.Connection = null;\n        _isLinkedKnown = false;", "        user.Connection!.User = null;\n        user.Connection = null;"),
        new("a call in the wrong state is not refused", "4", Application, "Demand(user.IsLinked, \"unlink a user\"", "Demand(true, \"unlink a user\""),
        new("an application may send the protocol's own types", "2", "Protocol/KrmxMessage.cs", "Type.StartsWith(ReservedPrefix, StringComparison.Ordinal)", "false"),
        new("closing leaves users behind", "4", Transitions, "            _roster.Remove(user);\n            _events.Enqueue", "            _events.Enqueue"),
        new("closing does not wait for the connections", "4", Transitions, "Status != RoomStatus.Closing || _connections.Count > 0", "Status != RoomStatus.Closing"),
    ];
}

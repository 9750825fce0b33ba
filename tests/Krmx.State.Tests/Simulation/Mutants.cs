using Krmx.Simulation.Mutation;

namespace Krmx.State.Tests.Simulation;

/// <summary>Defects of shared state, on the server and on clients.</summary>
internal static class Mutants
{
    private const string Audience = "State/Attach/Audience.cs";
    private const string Atoms = "State/Atoms/ServerAtoms.cs";
    private const string ClientProjection = "State/Projections/ClientProjection.cs";
    private const string ClientStream = "State/Streams/ClientStream.cs";
    private const string Following = "State/Live/ClientState.Following.cs";
    private const string Live = "State/Live/ClientState.cs";
    private const string Pending = "State/Live/PendingDispatches.cs";
    private const string Projection = "State/Projections/ServerProjection.cs";
    private const string Sessions = "Client/KrmxClientCore.Sessions.cs";
    private const string Stream = "State/Streams/ServerStream.cs";
    private const string ViewChanges = "State/Projections/ViewChanges.cs";
    private const string Views = "State/Projections/ServerProjection.Views.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("who is sent to is a user, not a connection", "9", Audience, "ReferenceEquals(user.Receiver, receiver)", "user.IsReachable"),
        new("a change reaches a newcomer before the state does", "9", Audience,
            "Send(_members.Values, frame, except)",
            "Send([.. _room.Users.Where(u => u.IsLinked).Select(u => Find(u) ?? new Member(u, u.Receiver!))], frame, except)"),
        new("the state is not cleared when it is empty", "9", Audience, "room.UserCount == 0", "room.UserCount < 0"),

        new("the dispatcher is who the message says", "9", Stream,
            "Append(user.Name, appended",
            "Append(payload.Dispatcher ?? user.Name, appended"),
        new("other users are told the id of a dispatch (stream)", "9", Stream,
            "_audience.SendToAll(frame, except: from);",
            "_audience.SendToAll(Frame(dispatcher, appended, optimisticId), except: from);"),
        new("who appended is told twice", "9", Stream, "_audience.SendToAll(frame, except: from);", "_audience.SendToAll(frame);"),
        new("newcomers miss the first event", "9", Stream, "_log.Select(", "_log.Skip(1).Select("),
        new("the log outlives the stream's end", "9", Stream, "        _log.Clear();\n        (_written, _isCleared) = (0, true);\n        _picture = null;\n", ""),
        new("an event whose handler throws is not logged", "9", Stream,
            "            _server.ReportFailed($\"{Domain} {type}\", error);",
            "            _server.ReportFailed($\"{Domain} {type}\", error);\n            _log.RemoveAt(_log.Count - 1);"),
        new("a newcomer is sent the log as it was", "9", Stream, "        _log.Add(frame);\n        Keep();\n        _picture = null;\n", "        _log.Add(frame);\n"),
        new("a log that is cut is as long as before", "9", Stream, "_logBytes = snapshot.Length;", "_logBytes += snapshot.Length;"),
        new("a snapshot is what the state was at first", "9", Stream, "_model.Snapshot(State)", "_model.Snapshot(_model.Initial)"),
        new("a snapshot takes the place of nothing", "9", Stream, "        _log.Clear();\n        _log.Add(snapshot);", "        _log.Add(snapshot);"),
        new("a snapshot may fill the log", "9", Stream, "snapshot.Length > _options.MaxLogBytes / 2", "snapshot.Length > _options.MaxLogBytes"),
        new("a refused event is not answered", "9", Stream,
            "if (!result.IsAccepted && from is not null",
            "if (result.IsAccepted && from is not null"),

        new("keys of other users may be set", "9", Atoms, "!_options.HasStrictPrefixes ||", "true ||"),
        new("an atom that is replaced is counted twice", "9", Atoms,
            "_bytes = bytes;",
            "_bytes += frame.Length;"),
        new("atoms are counted without what is around them", "9", Atoms,
            "frame.Length - (_atoms.TryGetValue(key, out (Atom Atom, byte[] Frame) old) ? old.Frame.Length : 0)",
            "key.Length + atom.Value.Size - (_atoms.TryGetValue(key, out (Atom Atom, byte[] Frame) old) ? key.Length + old.Atom.Value.Size : 0)"),
        new("a newcomer is sent the atoms as they were", "9", Atoms, "        _atoms[key] = (atom, frame);\n        Keep(key);\n        _picture = null;\n", "        _atoms[key] = (atom, frame);\n"),
        new("who set an atom is told twice", "9", Atoms,
            "_audience.SendToAll(frame, except: from);",
            "_audience.SendToAll(frame);"),

        new("an action whose payload is refused is applied", "9", "State/Actions/ActionKind.cs",
            "return reason is null ? new BoundAction<TState, TPayload>(handler, payload!) : null;",
            "return new BoundAction<TState, TPayload>(handler, payload!);"),
        new("an action is half applied when a view throws", "9", Projection,
            "            JsonTree? ownDelta = isSame ? null : Project(next, from, optimisticId);\n            if (!isSame)\n                Keep(next);\n            State = next;",
            "            State = next;\n            JsonTree? ownDelta = isSame ? null : Project(next, from, optimisticId);"),
        new("the views sent are not remembered", "9", Projection, "            _changes.Commit();\n", ""),
        new("what a failed change left is sent with the next", "9", Projection,
            "            _changes.Clear();\n            _isChanging = false;",
            "            _isChanging = false;"),
        new("the text of an exception is told", "9", Projection,
            "return DispatchResult.Refused(Refusals.Failed);",
            "return DispatchResult.Refused(error.Message);"),
        new("a refused action is not answered", "9", Projection,
            "if (!result.IsAccepted && from is not null",
            "if (result.IsAccepted && from is not null"),
        new("other users are told the id of a dispatch (projection)", "9", Views,
            "DeltaFrame(delta));",
            "DeltaFrame(delta, optimisticId));"),
        new("a dispatch that changes nothing for its user is not answered", "9", Views,
            "if (ownDelta is null)",
            "if (ownDelta is null && from.Data is null)"),
        new("everybody is sent the first delta", "9", ViewChanges,
            "if (!_groups.TryGetValue(delta, out List<Audience<ViewSnapshot>.Member>? group))",
            "List<Audience<ViewSnapshot>.Member>? group = _groups.Values.FirstOrDefault();\n        if (group is null)"),
        new("a newcomer is sent the view of another", "9", ViewChanges,
            "_maker.Make(view, shape, other?.View, other?.Tree)",
            "other?.Tree ?? _maker.Make(view, shape, null, null)"),
        new("the tree of a list is reused though it grew", "9", "State/Typed/ListShape.cs",
            "bool isSame = isKnown && shift == 0;",
            "bool isSame = isKnown;"),
        new("the tree of an object is reused though a part changed", "9", "State/Typed/ObjectShape.cs",
            "isSame &= ReferenceEquals(tree, oldTree);",
            "isSame |= ReferenceEquals(tree, oldTree);"),

        new("the optimistic copy stays", "9", Pending, "        _dispatches.RemoveAt(index);\n", ""),
        new("an answer takes two optimistic copies away", "9", Pending,
            "return id is not null ? Take(id) :",
            "return id is not null ? (Take(id) is { } taken && Take(isSame) is var _ ? taken : null) :"),
        new("what somebody else dispatched answers a dispatch", "9", Pending, "_isAnsweredById ? null : Take(isSame)", "Take(isSame)"),
        new("the event of another user answers a dispatch", "9", ClientStream,
            "own = dispatcher == LinkedAs",
            "own = dispatcher.Length > 0"),
        new("optimistic changes pile up", "9", Live, "confirmed, (value, pending)", "Shown, (value, pending)"),
        new("what a client had is doubled when it links again", "9", Following, "isSomebodyElse || IsLiveAtLink ?", "isSomebodyElse ?"),
        new("the next user is shown what the one before saw", "9", Following, "isSomebodyElse || IsLiveAtLink ?", "IsLiveAtLink ?"),
        new("the view is forgotten when a connection drops", "9", Following,
            "End(comesBack: Client.ComesBack);",
            "End(comesBack: false);"),
        new("a dispatch outlives its link", "9", Following, "ended = _pending.TakeAll();", "ended = [];"),
        new("expiry is not cancelled by the answer", "9", Pending, "        taken.Timer?.Dispose();\n", "")
        {
            Also = ("candidate == dispatch) is not null;", "candidate == dispatch) is not null || true;"),
        },
        new("what has expired stays on top", "9", Pending,
            "Take(candidate => candidate == dispatch) is not null;",
            "_dispatches.Contains(dispatch);"),
        new("a client that is disconnected for good stays live", "9", Following,
            "            End(comesBack: false);",
            "        {\n            bool wasLive = IsLive;\n            End(comesBack: false);\n            Show(Confirmed, wasLive);\n        }"),
        new("a dispatch is of the user before", "9", Live, "LinkedAs != Client.Username) //", "LinkedAs is null) //"),
        new("a listener that acts is told an old value", "9", Live, "listener(state.Shown)", "listener(state.Confirmed)"),
        new("a view that cannot be read leaves its dispatch unanswered", "9", ClientProjection,
            "            Suspend();\n            return;\n",
            "            throw;\n"),
        new("a view that cannot be read stays live", "9", ClientProjection,
            "            Suspend();\n            return;\n",
            "            return;\n"),
        new("a view that cannot be read is changed no more", "9", ClientProjection,
            "ShowTree(_tree = next(_tree, payload), messageType)",
            "ShowTree(next(_tree, payload), messageType)"),

        new("who is away is sent no changes", "10", Audience, "ReferenceEquals(user.Receiver, receiver);", "ReferenceEquals(user.Receiver, receiver) && user.IsLinked;"),
        new("who is away counts for nobody when all are sent a change", "10", Audience, "current < _room.ReachableCount", "current < _room.LinkedCount"),
        new("the view is forgotten when the link could not go on", "10", Sessions,
            "EndLink(Username!, comesBack: true);",
            "EndLink(Username!, comesBack: false);"),
        new("nothing is dispatched while the connection is away", "10", Live, "!Client.CanSend ||", "Client.Status != ClientStatus.Linked ||"),
    ];
}

using Krmx.Simulation.Mutation;

namespace Krmx.Tests.Simulation;

/// <summary>Defects by which a room that goes on after a crash is not what it was, or somebody was told more than is stored (docs/architecture.md, "Durable rooms").</summary>
internal static class DurableMutants
{
    private const string Gate = "Room/Durable/OutputGate.cs";
    private const string Recorder = "Room/Durable/RoomRecorder.cs";
    private const string Restoration = "Room/Durable/Restoration.cs";
    private const string Room = "Room/KrmxRoomCore.Durable.cs";
    private const string Sessions = "Room/KrmxRoomCore.Sessions.cs";
    private const string Transitions = "Room/KrmxRoomCore.Transitions.cs";
    private const string Posts = "Room/KrmxRoomCore.Posts.cs";
    private const string Alarms = "Room/KrmxRoomCore.Alarms.cs";
    private const string Journal = "Room/Sessions/Journal.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("output waits for nothing", "durable", Gate, "if (Stored >= Written && _held.Count == 0)", "if (Stored >= 0)"),
        new("output does not wait for its own turn", "durable", Gate, "_held.Enqueue(new Held(Written, ", "_held.Enqueue(new Held(Written - 1, "),
        new("output leaves a turn too early", "durable", Gate, "next.Turn > Stored)", "next.Turn > Stored + 1)"),
        new("output that changes nothing overtakes what is held", "durable", Gate, "if (Stored >= Written && _held.Count == 0)", "if (Stored >= Written || effects.InOrder.Length == 1)"),
        new("what may be lost overtakes changes of seats", "durable", Gate, "_seatChanges + seatChanges == 0", "seatChanges >= 0"),

        new("who joined is not written down", "durable", Transitions, "        _recorder?.Joined(user);\n", ""),
        new("who left is not written down", "durable", Transitions, "        _recorder?.Left(user);\n", ""),
        new("who was linked is not written down", "durable", Transitions, "        _recorder?.Linked(user);\n", ""),
        new("who was unlinked is not written down", "durable", Transitions, "        _recorder?.Unlinked(user);\n", ""),
        new("metadata are not written down", "durable", Posts, "        _recorder?.Meta(user);\n", ""),
        new("a session is written down when it is lost, not when it begins", "durable", Transitions, "            _recorder?.SessionBegun(session);\n", ""),
        new("that a session is ready is not written down", "durable", Sessions, "        _recorder?.SessionReady(session);\n", ""),
        new("that a session ended is not written down", "durable", Sessions, "        _recorder?.SessionEnded(session);\n", ""),
        new("what was handled is not written down", "durable", Room, "            _recorder!.Received(session);\n", "            ;\n"),
        new("an ack leaves before what it says is stored", "durable", Room, "        if (session.Received != session.ReceivedWritten)\n            _recorder.Demand();\n", ""),
        new("what is sent to sessions is not written down", "durable", Journal, "        Recorder?.Entry(entry);\n", ""),
        new("who is left out is not written down", "durable", Recorder, "entry.IsForOthers ? RoomChange.EntryExcept : RoomChange.EntryOnly);", "RoomChange.EntryForAll);"),
        new("an alarm is not written down", "durable", Alarms, "        _recorder?.AlarmSet(alarm);\n", ""),
        new("an alarm that rang is set again by a restart", "durable", Alarms, "        _recorder?.AlarmGone(alarm.Name);\n", ""),
        new("alarms count from the restart", "durable", Restoration, "TimeSpan.Zero) - room._clockZero);", "TimeSpan.Zero) - room._clockZero + room._now);"),
        new("changes that were not told are forgotten", "durable", Room, "        if (hasPending || _hasWrittenPending)\n", "        if (false)\n"),
        new("what was told and is kept for nobody is told again after a second restart", "durable", Restoration, "            room._hasWrittenPending = _pending.Count > 0;\n", ""),
        new("changes that were told are told again after a restart", "durable", Room, "        if (hasPending || _hasWrittenPending)\n", "        if (hasPending)\n"),
        new("what is read is written down again", "durable", Restoration, "            room._journal.Recorder = room._recorder;\n", "")
        {
            Also = ("        public void Apply(in RoomChange change)\n        {\n", "        public void Apply(in RoomChange change)\n        {\n            room._journal.Recorder = room._recorder;\n"),
        },

        new("nobody is told that users were unlinked by a restart", "durable", Restoration, "                room.NoteChange(PresenceChange.Unlinked, user);\n", ""),
        new("the application is not told of a restart", "durable", Room, "            _events.Enqueue(happened);\n", "            _ = happened;\n"),
        new("who was linked before a restart is not away after it", "durable", Restoration, "                room._roster.Away.Add(user);\n                room.NoteChange", "                room.NoteChange"),
        new("sessions go on though more was told than stored", "durable", Restoration, "if (forgetsSessions && _sessions.Count > 0)", "if (!forgetsSessions && _sessions.Count > 1_000_000)"),
        new("that sessions are forgotten is not written down", "durable", Restoration, "                room._recorder!.SessionsForgotten();\n", ""),
        new("a session's number is used again", "durable", Restoration, "room._lastSession = Math.Max(room._lastSession, session.Id);", ";"),
        new("a session ends where its acks are not written down", "durable", Restoration, "            room._journal.ConfirmWhatIsGone(session.Reader);\n            room.Suspend(session);\n", "            room.EndSession(session, SessionEndReason.Overflowed);\n"),

        new("a snapshot has no users", "durable", Room, "            snapshot.Joined(user);\n", "            ;\n"),
        new("a snapshot has no metadata", "durable", Room, "                snapshot.Meta(user);\n", "                ;\n"),
        new("a snapshot does not know who is linked", "durable", Room, "            snapshot.Linked(user);\n", "            ;\n"),
        new("a snapshot has no sessions", "durable", Room, "foreach (Session session in _sessions.All)", "foreach (Session session in _sessions.All.Take(0))"),
        new("a snapshot does not know what was handled", "durable", Room, "            snapshot.Received(session);\n", ""),
        new("a snapshot does not know what is different for a reader", "durable", Recorder, "foreach ((long number, long sum) in reader.Differences)", "foreach ((long number, long sum) in reader.Differences.Take(0))"),
        new("a snapshot does not know how many entries there were", "durable", Journal, "snapshot.Journal(Oldest, _shared, _sharedBefore);", "snapshot.Journal(1, 0, 0);"),
        new("a snapshot does not know how many entries are gone", "durable", Journal, "snapshot.Journal(Oldest, _shared, _sharedBefore);", "snapshot.Journal(Oldest, _shared, 0);"),
        new("a snapshot has no entries", "durable", Journal, "            snapshot.KeptEntry(entry);\n", "            ;\n"),
        new("a snapshot has entries that are gone", "durable", Journal, "_entries.Skip(_offset))", "_entries)"),
        new("a snapshot has no alarms", "durable", Room, "            snapshot.AlarmSet(alarm);\n", "            ;\n"),
        new("a snapshot has no changes that are to be told", "durable", Room, "        snapshot.Pending(_changes.All);\n", ""),
    ];
}

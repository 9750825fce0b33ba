using Krmx.Simulation.Mutation;

namespace Krmx.Tests.Simulation;

/// <summary>Defects by which clients with sessions lose something, have it twice, or are not told (docs/protocol.md, section 10).</summary>
internal static class SessionMutants
{
    private const string Session = "Client/ClientSession.cs";
    private const string Client = "Client/KrmxClientCore.Sessions.cs";
    private const string ClientFrames = "Client/KrmxClientCore.Frames.cs";
    private const string ClientInput = "Client/KrmxClientCore.Input.cs";
    private const string Journal = "Room/Sessions/Journal.cs";
    private const string Reader = "Room/Sessions/JournalReader.cs";
    private const string Room = "Room/KrmxRoomCore.Sessions.cs";
    private const string Posts = "Room/KrmxRoomCore.Posts.cs";
    private const string Input = "Room/KrmxRoomCore.Input.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("the client does not send again what was lost", "10", Session, "        Written = received;\n", ""),
        new("the client sends all of it again", "10", Session, "int written = (int)(Written - _confirmed);", "int written = 0;"),
        new("the client counts acks", "10", Client, " or MessageTypes.Rejected or MessageTypes.Ack)", " or MessageTypes.Rejected)"),
        new("the client does not count changes of users", "10", Client, " or MessageTypes.Rejected or MessageTypes.Ack)", " or MessageTypes.Rejected or MessageTypes.Ack or MessageTypes.Changes)"),
        new("the client counts what comes before it is ready", "10", Client, "_session is not { IsReady: true } session ||", "_session is not { } session ||"),
        new("the client says that it has had one less", "10", Client, "goesOn ? _session!.Received : null);", "goesOn ? Math.Max(0, _session!.Received - 1) : null);"),
        new("the client says that it has had one more", "10", Client, "goesOn ? _session!.Received : null);", "goesOn ? _session!.Received + 1 : null);"),
        new("the client numbers all its links alike", "10", Client, "++_lastAttempt", "_lastAttempt = 1"),
        new("the client takes in what becomes of itself in a list", "10", ClientFrames, ".Where(change => change.Username != _link.Username || change.Kind == PresenceChange.MetaChanged)", ""),
        new("the client takes in no metadata of its own", "10", ClientFrames, " || change.Kind == PresenceChange.MetaChanged)", ")"),
        new("the client takes in no metadata of those who were there before", "10", ClientFrames, "            Change(new PresenceChange(PresenceChange.MetaChanged, user.Name, user.Meta));\n", ""),
        new("the client forgets metadata with a link", "10", "Client/ClientRoster.cs", "_inJoinOrder[place] with { IsLinked = linked });", "new ClientUser(name, linked));"),
        new("a gap is not told", "10", Client, "LoseSession(isGap: true);\n        EndLink(Username!, comesBack: true);\n        return again;", "LoseSession(isGap: false);\n        EndLink(Username!, comesBack: true);\n        return again;"),
        new("nobody is told of messages that may be lost", "10", Client, "KrmxMessage[] unconfirmed = [.. ", "KrmxMessage[] unconfirmed = [.. true ? [] : "),
        new("after a gap the client sends what was handled again", "10", Client,
            "if (_session is not null && answer.Received is long received && _session.TryGoOn(received))", "if (_session is not null && answer.Received is long)"),
        new("after a gap the client sends again what may have been handled", "10", Client,
            "if (_session is not null && answer.Received is long received && _session.TryGoOn(received))", "if (_session is not null && _session.TryGoOn(answer.Received ?? 0) | true)"),
        new("what is sent while the connection is away is lost", "10", Client, "        _session.Add(new PendingFrame(frame, message));\n", "        if (!ClientTransitions.IsSending(_phase))\n            return;\n        _session.Add(new PendingFrame(frame, message));\n"),
        new("the client sends before it knows how much was handled", "10", "Client/ClientTransitions.cs",
            "IsSending(Phase phase) => phase is Phase.Arriving or", "IsSending(Phase phase) => phase is Phase.Resuming or Phase.Arriving or"),
        new("the client's acks are one too high", "10", Client, "_output.Send(Frames.Ack(session.Received, session.Written));", "_output.Send(Frames.Ack(session.Received + 1, session.Written));"),
        new("the client's acks say what waits to be sent", "10", Client, "_output.Send(Frames.Ack(session.Received, session.Written));", "_output.Send(Frames.Ack(session.Received, session.Written + 1));"),
        new("the client counts what may be lost", "10", ClientFrames, "            if (!message.IsVolatile)\n", ""),
        new("the client keeps what may be lost", "10", ClientInput, "_output.Send(FrameWriter.Write(message, isVolatile: true));", "SendOnce(FrameWriter.Write(message, isVolatile: true), message);"),
        new("a link goes on that was not ready", "10", "Client/ClientTransitions.cs",
            "            [Signal.Ready] = Phase.Linked,\n", "            [Signal.Ready] = Phase.Linked,\n            [Signal.Suspended] = Phase.Away,\n"),

        new("a replay begins one too late", "10", Room, "[accepted, .. _journal.ReadFrom(reader, position)]", "[accepted, .. _journal.ReadFrom(reader, position).Skip(1)]"),
        new("a replay begins one too early", "10", Journal, "if (CountUpTo(reader, middle) <= count)", "if (CountUpTo(reader, middle) < count)"),
        new("a part of a replay is sent where the rest is gone", "10", Journal, "        if (CountUpTo(reader, position) > count)\n            return false;\n", ""),
        new("messages to all are not kept", "10", Posts, "            _journal.Append(frame);\n        Broadcast(frame, isVolatile);", "            ;\n        Broadcast(frame, isVolatile);"),
        new("messages to one are not kept", "10", Posts, "            _journal.AppendOnly(reader, frame);\n        if (user.Connection is RoomConnection connection)\n            _effects.Send", "            _ = reader;\n        if (user.Connection is RoomConnection connection)\n            _effects.Send"),
        new("changes of users are not kept", "10", Posts, "            PostToPresence(frame, own);", "            if (_roster.PresenceCount > 0)\n                _effects.Broadcast(frame, RoomAudience.Presence);"),
        new("who is left out is sent it when it comes back", "10", "Room/Sessions/JournalEntry.cs", "var one => (one == reader) != IsForOthers,", "var one => one == reader || IsForOthers,"),
        new("who is left out counts it", "10", Journal, "reader.Add(Newest + 1, -1, Oldest);", "reader.Add(Newest + 1, 0, Oldest);"),
        new("a message to one counts for nobody", "10", Journal, "    public void AppendOnly(JournalReader reader, ReadOnlyMemory<byte> frame)\n    {\n        reader.Add(Newest + 1, 1, Oldest);", "    public void AppendOnly(JournalReader reader, ReadOnlyMemory<byte> frame)\n    {\n        reader.Add(Newest + 1, 0, Oldest);"),
        new("what was for others alone counts for all", "10", Journal, "        if (entry.IsShared)\n", ""),
        new("the oldest count for nobody once they are gone", "10", Journal, "            _sharedBefore = _entries[_offset].Shared;\n", ""),
        new("what a client has sent is counted twice", "10", Room, "        session.Received++;\n", "        session.Received += 2;\n"),
        new("messages are not counted", "10", Input, "                CountReceived(user);\n            _events", "                ;\n            _events"),
        new("the room's acks say what was not sent", "10", Room, "_effects.Send(session.Connection!.Id, Frames.Ack(session.Received, CountSent(session)));", "_effects.Send(session.Connection!.Id, Frames.Ack(session.Received, CountSent(session) + 1));"),
        new("changes are forgotten while everybody is away", "10", Posts, "_roster.PresenceCount > 0 || _journal.ReaderCount > 0", "_roster.PresenceCount > 0"),
        new("differences are forgotten that are needed", "10", Reader, "_differences[half].Number < oldest)", "_differences[half].Number >= oldest)")
        {
            Also = ("DifferencesKept = 64", "DifferencesKept = 1"),
        },
    ];
}

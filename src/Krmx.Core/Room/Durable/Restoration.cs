using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

public partial class KrmxRoomCore
{
    /// <summary>Makes a room of the changes that one like it has written down, without a word to anybody.</summary>
    private sealed class Restoration(KrmxRoomCore room)
    {
        private readonly Dictionary<long, Session> _sessions = [];
        private readonly HashSet<KrmxUser> _linked = [];
        private readonly HashSet<(long Session, string Id)> _asked = [];
        private readonly List<(string Kind, string Username)> _pending = [];

        public void Apply(in RoomChange change)
        {
            switch (change.Kind)
            {
                case RoomChange.Accepts:
                    room._acceptsNewUsers = change.Truth(0);
                    break;
                case RoomChange.Joined:
                    room._roster.Add(room, change.Text(0));
                    break;
                case RoomChange.Meta:
                    User(change).Meta = KrmxMeta.Of(change.Raw(1).ToArray());
                    break;
                case RoomChange.Linked:
                    _linked.Add(User(change));
                    room._roster.Away.Remove(User(change));
                    break;
                case RoomChange.Unlinked:
                    Unlink(User(change), TimeSpan.FromTicks(change.Number(1)));
                    break;
                case RoomChange.Left:
                    _linked.Remove(User(change));
                    room._roster.Remove(User(change));
                    break;
                case RoomChange.Pending:
                    _pending.Clear();
                    for (int i = 0; i < change.Count; i += 2)
                        _pending.Add((change.Text(i), change.Text(i + 1)));
                    break;
                case RoomChange.AlarmSet:
                    room._alarms.Set(change.Text(0), new DateTimeOffset(change.Number(1), TimeSpan.Zero) - room._clockZero);
                    break;
                case RoomChange.AlarmGone:
                    room._alarms.Cancel(change.Text(0));
                    break;
                case RoomChange.Asked:
                    _asked.Add((change.Number(0), change.Text(1)));
                    break;
                case RoomChange.Answered:
                    _asked.Remove((change.Number(0), change.Text(1)));
                    break;
                case RoomChange.Part:
                    ChangePart(change);
                    break;
                case RoomHistory.Sent or RoomHistory.SeatsGone:
                    break; // for whoever reads it again
                default:
                    ApplyToSessions(change);
                    break;
            }
        }

        /// <summary>Whoever was linked is not, and each session waits for its client.</summary>
        public void Complete(bool forgetsSessions)
        {
            room._journal.Recorder = room._recorder;
            if (forgetsSessions && _sessions.Count > 0)
            {
                ForgetSessions();
                room._recorder!.SessionsForgotten();
            }
            foreach (KrmxUser user in room._roster.Users)
                user.Since = room._now;
            room._hasWrittenPending = _pending.Count > 0;
            foreach ((string kind, string username) in _pending)
                room._changes.Add(kind, room._roster.Find(username) ?? new KrmxUser(room, username), room._now);
            foreach (KrmxUser user in room._roster.Users.Where(_linked.Contains))
            {
                room._roster.Away.Add(user);
                room.NoteChange(PresenceChange.Unlinked, user);
                room._recorder!.Unlinked(user);
                room._events.Enqueue(new RoomEvent(RoomEventKind.Unlink, user, Reason: UnlinkReason.ServerRestarted));
            }
            foreach (Session session in _sessions.Values)
                Suspend(session);
            foreach ((long id, string request) in _asked)
            {
                if (_sessions.TryGetValue(id, out Session? session))
                    room._unanswered.Add((session, request));
            }

            // Not yet: listeners hear first that the room opens.
            room._sinceRestart = [.. room._events];
            room._events.Clear();
        }

        private void ApplyToSessions(in RoomChange change)
        {
            switch (change.Kind)
            {
                case RoomChange.SessionBegun:
                    Begin(change);
                    break;
                case RoomChange.SessionResumed:
                    Session resumed = _sessions[change.Number(0)];
                    resumed.Attempt = change.Number(1);
                    resumed.Reader!.Confirmed = change.Number(2);
                    break;
                case RoomChange.SessionReady:
                    _sessions[change.Number(0)].Reader = room._journal.Begin(change.Number(0));
                    break;
                case RoomChange.SessionReader:
                    RestoreReader(change);
                    break;
                case RoomChange.SessionsForgotten:
                    ForgetSessions();
                    break;
                case RoomChange.SessionEnded:
                    End(_sessions[change.Number(0)], (SessionEndReason)change.Number(1));
                    break;
                case RoomChange.Received when _sessions.TryGetValue(change.Number(0), out Session? session):
                    session.Received = change.Number(1);
                    break;
                case RoomChange.Confirmed when _sessions.TryGetValue(change.Number(0), out Session? session) && session.Reader is not null:
                    session.Reader.Confirmed = change.Number(1);
                    break;
                case RoomChange.Received or RoomChange.Confirmed:
                    break; // of a session that is long forgotten
                default:
                    ApplyToJournal(change);
                    break;
            }
        }

        private void ApplyToJournal(in RoomChange change)
        {
            switch (change.Kind)
            {
                case RoomChange.Journal:
                    room._journal.Restore(change.Number(0), change.Number(1), change.Number(2));
                    break;
                case RoomChange.KeptEntry:
                    bool isForOthers = change.Truth(2), isForAll = change.Truth(3);
                    room._journal.Restore(new JournalEntry(change.Raw(0), isForAll ? null : Readers(change.Numbers(4)), isForOthers, change.Number(1)));
                    break;
                case RoomChange.EntryForAll:
                    room._journal.Append(change.Raw(0));
                    break;
                case RoomChange.EntryExcept:
                    room._journal.AppendExcept(_sessions[change.Number(1)].Reader!, change.Raw(0));
                    break;
                case RoomChange.EntryOnly when change.Count == 2:
                    room._journal.AppendOnly(_sessions[change.Number(1)].Reader!, change.Raw(0));
                    break;
                case RoomChange.EntryOnly:
                    room._journal.AppendOnly([.. change.Numbers(1).Select(id => _sessions[id].Reader!)], change.Raw(0));
                    break;
                default:
                    throw new KrmxException($"cannot read what was written down of the room: a newer version wrote it, with changes of the kind '{change.Kind}'");
            }
        }

        private void Unlink(KrmxUser user, TimeSpan timeLinked)
        {
            _linked.Remove(user);
            room._roster.Away.Remove(user);
            user.TimeLinked = timeLinked;
            room._roster.Away.Add(user);
        }

        private void Begin(in RoomChange change)
        {
            string username = change.Text(1);
            KrmxUser user = room._roster.Find(username) ?? new KrmxUser(room, username);
            var session = new Session(change.Number(0), user, change.Text(2), change.Number(3), change.Number(4));
            _sessions.Add(session.Id, session);
            room._sessions.Add(session);
            user.Session = session;
            room._lastSession = Math.Max(room._lastSession, session.Id);
        }

        private void RestoreReader(in RoomChange change)
        {
            Session session = _sessions[change.Number(0)];
            var reader = new JournalReader(session.Id, change.Number(1)) { Confirmed = change.Number(2) };
            long[] differences = change.Numbers(3);
            for (int i = 0; i < differences.Length; i += 2)
                reader.Restore(differences[i], differences[i + 1]);
            room._journal.Restore(reader);
            session.Reader = reader;
        }

        private void End(Session session, SessionEndReason reason)
        {
            if (session.Reader is not null)
                room._journal.End(session.Reader);
            session.Reader = null;
            if (session.User.Session == session)
                session.User.Session = null;
            room._sessions.End(session, reason, room._now);
        }

        /// <summary>Has a session wait for its client; the time that it may do so begins anew.</summary>
        private void Suspend(Session session)
        {
            (session.ReceivedWritten, session.ReceivedTold, session.ConfirmedWritten) = (session.Received, session.Received, session.Reader?.Confirmed ?? 0);
            if (session.End is not null)
                return;
            if (session.Reader is null)
            {
                room.EndSession(session, SessionEndReason.NotReady);
                return;
            }

            // How far its client is may not have been written down yet: it says so itself when it comes back.
            room._journal.ConfirmWhatIsGone(session.Reader);
            room.Suspend(session);
        }

        private void ForgetSessions()
        {
            foreach (Session session in _sessions.Values.Where(static session => session.End is null))
                End(session, SessionEndReason.RoomClosed);
            room._sessions.Clear();
            _sessions.Clear();
            _pending.Clear();
        }

        private object Readers(long[] ids) => ids.Length == 1 ? Reader(ids[0]) : ids.Select(Reader).ToArray();

        private JournalReader Reader(long id) => _sessions.TryGetValue(id, out Session? session) && session.Reader is JournalReader reader
            ? reader
            : new JournalReader(id, 0); // of a session that has ended

        private void ChangePart(in RoomChange change)
        {
            string name = change.Text(0);
            ReadOnlyMemory<byte> value = change.Raw(1);
            if (value.Span.SequenceEqual("null"u8))
                room._unclaimed.Remove(name);
            else if (room._unclaimed.TryGetValue(name, out List<ReadOnlyMemory<byte>>? changes))
                changes.Add(value);
            else
                room._unclaimed.Add(name, [value]);
        }

        private KrmxUser User(in RoomChange change) =>
            room._roster.Find(change.Text(0)) ?? throw new KrmxException($"cannot read what was written down of the room: there is no user '{change.Text(0)}'");
    }
}

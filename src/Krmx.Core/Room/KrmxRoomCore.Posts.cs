using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx;

// What users are sent: to those who are seated it goes out with the turn, for those whose clients are expected back it stands in the journal. What is
// volatile does not.
public partial class KrmxRoomCore
{
    private readonly Journal _journal;

    /// <summary>How many users can be sent something.</summary>
    internal int ReachableCount => _roster.LinkedCount + _sessions.SuspendedCount;

    /// <summary>Sends a frame to everybody.</summary>
    internal void PostToAll(byte[] frame, bool isVolatile = false)
    {
        TellChanges();
        if (!isVolatile)
            _journal.Append(frame);
        Broadcast(frame, isVolatile);
    }

    /// <summary>Sends a frame to everybody but one.</summary>
    internal void PostToAllBut(KrmxUser user, byte[] frame, bool isVolatile = false)
    {
        TellChanges();
        if (!isVolatile)
            AppendExcept(user.Session?.Reader, frame);
        if (user.Connection is RoomConnection own)
            _effects.BroadcastExcept(own.Id, frame, isVolatile);
        else
            Broadcast(frame, isVolatile);
    }

    /// <summary>Sends a frame to a user, if it is reachable.</summary>
    internal void PostTo(KrmxUser user, byte[] frame, bool isVolatile = false)
    {
        TellChanges();
        if (!isVolatile && user.Session?.Reader is JournalReader reader)
            _journal.AppendOnly(reader, frame);
        if (user.Connection is RoomConnection connection)
            _effects.Send(connection.Id, frame, isVolatile);
    }

    /// <summary>Sends a frame to those of some users who are reachable.</summary>
    internal void PostToSome(IReadOnlyCollection<KrmxUser> users, byte[] frame, bool isVolatile = false)
    {
        TellChanges();
        JournalReader[] readers = isVolatile ? [] : [.. users.Select(static user => user.Session?.Reader).OfType<JournalReader>()];
        if (readers.Length > 0)
            _journal.AppendOnly(readers, frame);
        ConnectionId[] connections = [.. users.Where(static user => user.IsLinked).Select(static user => user.Connection!.Id)];
        if (connections.Length > 0)
            _effects.SendToSome(connections, frame, isVolatile);
    }

    /// <summary>Sends frames that tell how things are to a user who is reachable; they may be many.</summary>
    internal void PostPicture(KrmxUser user, ReadOnlyMemory<byte>[] frames)
    {
        if (user.Session?.Reader is JournalReader reader)
        {
            foreach (ReadOnlyMemory<byte> frame in frames)
                _journal.AppendOnly(reader, frame);
        }
        if (user.Connection is RoomConnection connection)
            _effects.SendPicture(connection.Id, frames);
    }

    private void Broadcast(byte[] frame, bool isVolatile = false)
    {
        if (_roster.LinkedCount > 0)
            _effects.Broadcast(frame, isVolatile: isVolatile);
    }

    /// <summary>Keeps a frame for every session but one, if there is that one.</summary>
    private void AppendExcept(JournalReader? reader, byte[] frame)
    {
        if (reader is null)
            _journal.Append(frame);
        else
            _journal.AppendExcept(reader, frame);
    }

    /// <summary>What a newcomer, linked already, is sent: that it is accepted, and who is here, or how many.</summary>
    private RosterPicture PictureFor(KrmxUser user, RoomConnection newcomer, byte[] accepted)
    {
        if (_count is null)
            return _roster.PictureFor(newcomer, accepted);
        return new RosterPicture(newcomer.HasPresence
            ? [[accepted, PresenceFrames.Users([user]), PresenceFrames.Count(_roster.Count, _roster.LinkedCount)]]
            : [[accepted, user.JoinedFrame, user.LinkedFrame]]);
    }

    /// <summary>Tells those who are told of users one by one.</summary>
    private void BroadcastClassic(byte[] frame)
    {
        if (_count is not null)
            return;
        if (_roster.PresenceCount == 0)
            Broadcast(frame);
        else if (_roster.PresenceCount < _roster.LinkedCount)
            _effects.Broadcast(frame, RoomAudience.Classic);
    }

    /// <summary>Notes what those are told later who have the extension presence. Where there is nobody, whoever comes next is sent how things are by then.</summary>
    private void NoteChange(string kind, KrmxUser user)
    {
        bool hasAudience = _roster.PresenceCount > 0 || _journal.ReaderCount > 0;
        if (_count is not null && hasAudience)
            _count.Change(_now);
        else if (hasAudience)
            _changes.Add(kind, user, _now);
        else
            ForgetChanges();
    }

    /// <summary>Changes what everybody may know of a user, and has them told; where nobody is told of others, the user is told itself.</summary>
    private void ChangeMeta(KrmxUser user, KrmxMeta? meta)
    {
        if (Equals(user.Meta, meta))
            return;
        user.Meta = meta;
        _recorder?.Meta(user);
        user.Page!.Change();
        if (_count is null)
            NoteChange(PresenceChange.MetaChanged, user);
        else if (user.Session is not null || user.Connection is { HasPresence: true })
            PostTo(user, PresenceFrames.Changes([new PresenceChange(PresenceChange.MetaChanged, user.Name, meta)]).Single());
    }

    private void ForgetChanges()
    {
        _changes.Clear();
        _count?.Clear();
    }

    private void TellCount(PresenceCount count)
    {
        count.Told(_now);
        PostToPresence(PresenceFrames.Count(_roster.Count, _roster.LinkedCount));
    }

    /// <summary>Tells the changes that were noted: before any message of the application, so that none is of somebody unheard of.</summary>
    private void TellChanges()
    {
        // Of itself alone a client that is away for a moment has nothing to hear when it comes back.
        JournalReader? own = _changes.OnlyUsername is string name && _roster.Find(name) is { IsLinked: false } user ? user.Session?.Reader : null;
        foreach (byte[] frame in _changes.Take())
            PostToPresence(frame, own);
    }

    /// <summary>Tells those who have the extension presence, but for a session that is away.</summary>
    private void PostToPresence(byte[] frame, JournalReader? except = null)
    {
        AppendExcept(except, frame);
        if (_roster.PresenceCount > 0)
            _effects.Broadcast(frame, RoomAudience.Presence);
    }
}

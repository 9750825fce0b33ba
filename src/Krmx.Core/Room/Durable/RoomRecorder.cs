using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>Writes down the changes of what a durable room keeps, in the order in which they happen.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer writes to memory and holds nothing else.")]
internal sealed class RoomRecorder(DateTimeOffset clockZero)
{
    // Made when there is something to write, and given away with it: a room at rest holds none.
    private ArrayBufferWriter<byte>? _bytes;
    private Utf8JsonWriter? _writer;

    /// <summary>Whether there is something that has to be stored before anybody is told of it; what is not may be told, and be written down later.</summary>
    public bool IsDue { get; private set; }

    public void Accepts(bool newUsers) => Write(RoomChange.Accepts).WriteBooleanValue(newUsers);

    public void Joined(KrmxUser user) => Write(RoomChange.Joined, user.Name);

    public void Meta(KrmxUser user)
    {
        Utf8JsonWriter writer = Write(RoomChange.Meta, user.Name);
        if (user.Meta is KrmxMeta meta)
            writer.WriteRawValue(meta.Json.Span, skipInputValidation: true);
        else
            writer.WriteNullValue();
    }

    public void Linked(KrmxUser user) => Write(RoomChange.Linked, user.Name);

    public void Unlinked(KrmxUser user) => Write(RoomChange.Unlinked, user.Name).WriteNumberValue(user.TimeLinked.Ticks);

    public void Left(KrmxUser user) => Write(RoomChange.Left, user.Name);

    /// <summary>What of users is to be told yet, in place of what was.</summary>
    public void Pending(IEnumerable<(string Kind, KrmxUser User)> changes)
    {
        Utf8JsonWriter writer = Write(RoomChange.Pending);
        foreach ((string kind, KrmxUser user) in changes)
        {
            writer.WriteStringValue(kind);
            writer.WriteStringValue(user.Name);
        }
    }

    public void SessionBegun(Session session)
    {
        Utf8JsonWriter writer = Write(RoomChange.SessionBegun, session.Id);
        writer.WriteStringValue(session.User.Name);
        writer.WriteStringValue(session.Key);
        writer.WriteNumberValue(session.Number);
        writer.WriteNumberValue(session.Attempt);
    }

    public void SessionResumed(Session session)
    {
        Utf8JsonWriter writer = Write(RoomChange.SessionResumed, session.Id);
        writer.WriteNumberValue(session.Attempt);
        writer.WriteNumberValue(session.Reader!.Confirmed);
    }

    public void SessionReady(Session session) => Write(RoomChange.SessionReady, session.Id);

    public void SessionReader(Session session, JournalReader reader)
    {
        Utf8JsonWriter writer = Write(RoomChange.SessionReader, session.Id);
        writer.WriteNumberValue(reader.SharedAtStart);
        writer.WriteNumberValue(reader.Confirmed);
        foreach ((long number, long sum) in reader.Differences)
        {
            writer.WriteNumberValue(number);
            writer.WriteNumberValue(sum);
        }
    }

    public void SessionEnded(Session session) => Write(RoomChange.SessionEnded, session.Id).WriteNumberValue((int)session.End!.Value);

    public void SessionsForgotten() => Write(RoomChange.SessionsForgotten);

    public void Received(Session session) => Write(RoomChange.Received, session.Id).WriteNumberValue(session.Received);

    /// <summary>How far a client is, which nobody is told: it is written down when something else is.</summary>
    public void Confirmed(Session session)
    {
        bool wasDue = IsDue;
        Write(RoomChange.Confirmed, session.Id).WriteNumberValue(session.Reader!.Confirmed);
        IsDue = wasDue;
    }

    public void Journal(long oldest, long shared, long sharedBefore)
    {
        Utf8JsonWriter writer = Write(RoomChange.Journal, oldest);
        writer.WriteNumberValue(shared);
        writer.WriteNumberValue(sharedBefore);
    }

    public void Entry(in JournalEntry entry)
    {
        Utf8JsonWriter writer = Write(entry.Readers is null ? RoomChange.EntryForAll : entry.IsForOthers ? RoomChange.EntryExcept : RoomChange.EntryOnly);
        writer.WriteRawValue(entry.Frame.Span, skipInputValidation: true);
        WriteReaders(writer, entry);
    }

    /// <summary>An entry that is there already, of which the journal's counts know.</summary>
    public void KeptEntry(in JournalEntry entry)
    {
        Utf8JsonWriter writer = Write(RoomChange.KeptEntry);
        writer.WriteRawValue(entry.Frame.Span, skipInputValidation: true);
        writer.WriteNumberValue(entry.Shared);
        writer.WriteBooleanValue(entry.IsForOthers);
        writer.WriteBooleanValue(entry.Readers is null);
        WriteReaders(writer, entry);
    }

    public void AlarmSet(RoomAlarm alarm) => Write(RoomChange.AlarmSet, alarm.Name).WriteNumberValue((clockZero + alarm.Due).UtcTicks);

    public void AlarmGone(string name) => Write(RoomChange.AlarmGone, name);

    /// <summary>A request that is not answered yet.</summary>
    public void Asked(Session session, string id) => Write(RoomChange.Asked, session.Id).WriteStringValue(id);

    public void Answered(Session session, string id) => Write(RoomChange.Answered, session.Id).WriteStringValue(id);

    /// <summary>A change of a part of the room, which writes it itself: one JSON value.</summary>
    public void Part(string name, Action<Utf8JsonWriter> write) => write(Write(RoomChange.Part, name));

    /// <summary>A change of a part that nobody has claimed, as it was read.</summary>
    public void Part(string name, ReadOnlyMemory<byte> change) => Write(RoomChange.Part, name).WriteRawValue(change.Span, skipInputValidation: true);

    /// <summary>What becomes of the rest is written down as soon as anything is.</summary>
    public void Demand() => IsDue = true;

    /// <summary>Takes what was written, as one JSON array of changes.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        IsDue = false;
        if (_writer is null)
            return "[]"u8.ToArray();
        _writer.WriteEndArray();
        _writer.WriteEndArray();
        _writer.Flush();
        ReadOnlyMemory<byte> written = _bytes!.WrittenMemory;
        _writer.Dispose();
        (_bytes, _writer) = (null, null);
        return written;
    }

    private static void WriteReaders(Utf8JsonWriter writer, in JournalEntry entry)
    {
        switch (entry.Readers)
        {
            case JournalReader one:
                writer.WriteNumberValue(one.Id);
                break;
            case JournalReader[] some:
                foreach (JournalReader reader in some)
                    writer.WriteNumberValue(reader.Id);
                break;
        }
    }

    private Utf8JsonWriter Write(string kind, string name)
    {
        Utf8JsonWriter writer = Write(kind);
        writer.WriteStringValue(name);
        return writer;
    }

    private Utf8JsonWriter Write(string kind, long number)
    {
        Utf8JsonWriter writer = Write(kind);
        writer.WriteNumberValue(number);
        return writer;
    }

    /// <summary>Begins a change, and ends the one before.</summary>
    private Utf8JsonWriter Write(string kind)
    {
        IsDue = true;
        if (_writer is null)
        {
            Begin();
        }
        else
        {
            _writer.WriteEndArray();
            _writer.WriteStartArray();
        }
        _writer!.WriteStringValue(kind);
        return _writer;
    }

    private void Begin()
    {
        _bytes = new ArrayBufferWriter<byte>();
        _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = FrameWriter.Escaping, SkipValidation = true });
        _writer.WriteStartArray();
        _writer.WriteStartArray();
    }
}

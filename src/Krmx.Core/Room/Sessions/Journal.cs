namespace Krmx.Rooms;

/// <summary>What a room's users were sent, once for all of them, for as long as a session may have to be told again (protocol section 10).</summary>
/// <remarks>
/// Entries are numbered from 1. They go when every reader has confirmed them, or when there are too many, the oldest first; without a reader there are
/// none.
/// </remarks>
internal sealed class Journal(int maxBytes, int maxEntries, IJournalBudget? budget = null)
{
    private const int EntriesBetweenTrims = 256;
    private const int BytesBetweenTrims = 64 * 1024;

    private readonly HashSet<JournalReader> _readers = [];

    // The entries that are left begin at the offset.
    private readonly List<JournalEntry> _entries = [];
    private int _offset;
    private long _shared;
    private long _sharedBefore; // how many before the oldest were for everybody
    private int _trimAtEntries = EntriesBetweenTrims;
    private long _trimAtBytes = BytesBetweenTrims;

    /// <summary>Writes down what is appended, in a durable room; null in another, and while one is made from what was written down.</summary>
    public RoomRecorder? Recorder { get; set; }

    /// <summary>The number of the oldest entry that there is, or of the next one.</summary>
    public long Oldest { get; private set; } = 1;

    /// <summary>How many entries there are.</summary>
    public int EntryCount => _entries.Count - _offset;

    /// <summary>How many bytes their frames have.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many readers there are.</summary>
    public int ReaderCount => _readers.Count;

    private bool IsOverShare => budget is { IsScarce: true } && Bytes > budget.Share;

    private long Newest => Oldest + EntryCount - 1;

    /// <summary>Lets a reader in: what is appended from now on may be for it.</summary>
    /// <param name="id">The number of its session in the room.</param>
    public JournalReader Begin(long id)
    {
        var reader = new JournalReader(id, _shared);
        _readers.Add(reader);
        return reader;
    }

    /// <summary>Forgets a reader.</summary>
    public void End(JournalReader reader)
    {
        _readers.Remove(reader);
        if (_readers.Count == 0)
            DropUpTo(Newest);
    }

    /// <summary>Appends a frame for everybody.</summary>
    public void Append(ReadOnlyMemory<byte> frame)
    {
        if (_readers.Count > 0)
            Add(frame, null, isForOthers: false);
    }

    /// <summary>Appends a frame for everybody but one.</summary>
    public void AppendExcept(JournalReader reader, ReadOnlyMemory<byte> frame)
    {
        if (_readers.Count == 1)
            return;
        reader.Add(Newest + 1, -1, Oldest);
        Add(frame, reader, isForOthers: true);
    }

    /// <summary>Appends a frame for one reader.</summary>
    public void AppendOnly(JournalReader reader, ReadOnlyMemory<byte> frame)
    {
        reader.Add(Newest + 1, 1, Oldest);
        Add(frame, reader, isForOthers: false);
    }

    /// <summary>Appends a frame for some readers.</summary>
    public void AppendOnly(JournalReader[] readers, ReadOnlyMemory<byte> frame)
    {
        foreach (JournalReader reader in readers)
            reader.Add(Newest + 1, 1, Oldest);
        Add(frame, readers, isForOthers: false);
    }

    /// <summary>How many entries there were for a reader.</summary>
    public long CountFor(JournalReader reader) => reader.Count(_shared);

    /// <summary>Finds where a reader is that has had so many of the entries for it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="count">How many it has had; not more than there were.</param>
    /// <param name="position">The number of the last entry before the next one for it; of the last that is gone, where that one is among them.</param>
    /// <returns>False where that next one is not there any more.</returns>
    public bool TryFind(JournalReader reader, long count, out long position)
    {
        position = Oldest - 1;
        if (CountUpTo(reader, position) > count)
            return false;
        long high = Newest;
        while (position < high)
        {
            long middle = position + ((high - position + 1) / 2);
            if (CountUpTo(reader, middle) <= count)
                position = middle;
            else
                high = middle - 1;
        }
        return true;
    }

    /// <summary>Finds where a reader is by what its client has confirmed.</summary>
    /// <inheritdoc cref="TryFind"/>
    public bool TryFindConfirmed(JournalReader reader, out long position) => TryFind(reader, reader.Confirmed, out position);

    /// <summary>Takes it that a reader has confirmed the entries that are not there any more.</summary>
    public void ConfirmWhatIsGone(JournalReader reader) => reader.Confirmed = Math.Max(reader.Confirmed, CountUpTo(reader, Oldest - 1));

    /// <summary>The frames for a reader behind a position, in order.</summary>
    public List<ReadOnlyMemory<byte>> ReadFrom(JournalReader reader, long position)
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        for (int i = IndexOf(position + 1); i < _entries.Count; i++)
        {
            if (_entries[i].IsFor(reader))
                frames.Add(_entries[i].Frame);
        }
        return frames;
    }

    /// <summary>Writes down what there is, but for its readers.</summary>
    public void WriteTo(RoomRecorder snapshot)
    {
        snapshot.Journal(Oldest, _shared, _sharedBefore);
        foreach (JournalEntry entry in _entries.Skip(_offset))
            snapshot.KeptEntry(entry);
    }

    /// <summary>Begins where another one was written down; what it had follows.</summary>
    public void Restore(long oldest, long shared, long sharedBefore) => (Oldest, _shared, _sharedBefore) = (oldest, shared, sharedBefore);

    /// <summary>Takes in an entry that was written down, of which readers and counts know.</summary>
    public void Restore(in JournalEntry entry)
    {
        _entries.Add(entry);
        ChangeBytes(entry.Frame.Length);
    }

    /// <summary>Takes in a reader that was written down.</summary>
    public void Restore(JournalReader reader) => _readers.Add(reader);

    private int IndexOf(long number) => _offset + (int)(number - Oldest);

    private long CountUpTo(JournalReader reader, long number) =>
        reader.CountUpTo(number, number < Oldest ? _sharedBefore : _entries[IndexOf(number)].Shared);

    private void Add(ReadOnlyMemory<byte> frame, object? readers, bool isForOthers)
    {
        var entry = new JournalEntry(frame, readers, isForOthers, _shared);
        if (entry.IsShared)
            entry = entry with { Shared = ++_shared };
        _entries.Add(entry);
        Recorder?.Entry(entry);
        ChangeBytes(frame.Length);
        if (EntryCount >= _trimAtEntries || Bytes >= _trimAtBytes)
            Trim();
        else if (IsOverShare)
            Trim();
        while (EntryCount > maxEntries || Bytes > maxBytes || IsOverShare)
            DropUpTo(Oldest);
    }

    private void ChangeBytes(int difference)
    {
        Bytes += difference;
        budget?.Change(difference);
    }

    /// <summary>Lets go of what every reader has confirmed. Now and then, since it has to ask all of them.</summary>
    private void Trim()
    {
        long needed = Newest;
        foreach (JournalReader reader in _readers)
        {
            TryFindConfirmed(reader, out long position);
            needed = Math.Min(needed, position);
        }
        DropUpTo(needed);
        _trimAtEntries = EntriesBetweenTrims + (2 * EntryCount);
        _trimAtBytes = BytesBetweenTrims + (2 * Bytes);
    }

    private void DropUpTo(long number)
    {
        while (Oldest <= number)
        {
            _sharedBefore = _entries[_offset].Shared;
            ChangeBytes(-_entries[_offset].Frame.Length);
            _entries[_offset++] = default;
            Oldest++;
        }
        if (_offset > EntryCount)
        {
            _entries.RemoveRange(0, _offset);
            _offset = 0;
        }
    }
}

namespace Krmx.Rooms;

/// <summary>A frame in the journal, and whom it is for.</summary>
/// <param name="Frame">Its text.</param>
/// <param name="Readers">A reader, or an array of them; null for everybody.</param>
/// <param name="IsForOthers">Whether it is for everybody but the reader, rather than for the reader alone.</param>
/// <param name="Shared">How many entries up to this one were for everybody, or for everybody but one.</param>
internal readonly record struct JournalEntry(ReadOnlyMemory<byte> Frame, object? Readers, bool IsForOthers, long Shared)
{
    /// <summary>Whether it is for everybody, or for everybody but one.</summary>
    public bool IsShared => Readers is null || IsForOthers;

    public bool IsFor(JournalReader reader) => Readers switch
    {
        null => true,
        JournalReader[] some => Array.IndexOf(some, reader) >= 0,
        var one => (one == reader) != IsForOthers,
    };
}

namespace Krmx.Rooms;

/// <summary>A session's place in the journal.</summary>
/// <remarks>
/// Most entries are for everybody, and these the journal counts once for all. A reader has what is different for it: an entry for it alone is one more,
/// one for everybody else is one less. So counts are found without walking the entries, and a broadcast costs the same however many readers there are.
/// </remarks>
/// <param name="id">The number of its session in the room.</param>
/// <param name="sharedAtStart">How many entries were for everybody before it began.</param>
internal sealed class JournalReader(long id, long sharedAtStart)
{
    private const int DifferencesKept = 64;

    // In the order of their numbers, with the sum of all up to there.
    private readonly List<(long Number, long Sum)> _differences = [];

    /// <summary>The number of its session in the room.</summary>
    public long Id => id;

    /// <summary>How many entries were for everybody before it began.</summary>
    public long SharedAtStart => sharedAtStart;

    /// <summary>What is different for it, as it is needed still.</summary>
    public IReadOnlyList<(long Number, long Sum)> Differences => _differences;

    /// <summary>How many of the entries for it its client has confirmed.</summary>
    public long Confirmed { get; set; }

    /// <summary>Takes in that an entry counts differently for it: one more, or one less.</summary>
    /// <param name="number">The entry's number.</param>
    /// <param name="difference">1 or -1.</param>
    /// <param name="oldest">The oldest entry that there is still: nobody asks about those before the one before it.</param>
    public void Add(long number, int difference, long oldest)
    {
        int half = _differences.Count / 2;
        if (half >= DifferencesKept && _differences[half].Number < oldest)
            _differences.RemoveRange(0, half);
        _differences.Add((number, Sum + difference));
    }

    /// <summary>Takes in what was different for it, where it is made from what was written down.</summary>
    public void Restore(long number, long sum) => _differences.Add((number, sum));

    /// <summary>How many entries were for it.</summary>
    /// <param name="shared">How many were for everybody in all.</param>
    public long Count(long shared) => shared - sharedAtStart + Sum;

    /// <summary>How many entries up to a number were for it; less than none for a number from before it began.</summary>
    /// <param name="number">The number.</param>
    /// <param name="shared">How many up to there were for everybody.</param>
    public long CountUpTo(long number, long shared)
    {
        int low = 0, high = _differences.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_differences[middle].Number <= number)
                low = middle + 1;
            else
                high = middle;
        }
        return shared - sharedAtStart + (low == 0 ? 0 : _differences[low - 1].Sum);
    }

    private long Sum => _differences.Count == 0 ? 0 : _differences[^1].Sum;
}

namespace Krmx.State;

/// <summary>The longest common subsequence of two sequences of numbers, after Hunt and Szymanski.</summary>
/// <remarks>
/// It is the longest increasing run through the pairs of equal numbers. A number that repeats n times in both has n² pairs, so of those
/// only the ones near to each other are looked at: with more than <see cref="Window"/> repetitions the answer may be shorter than the
/// longest.
/// </remarks>
internal sealed class CommonSubsequence
{
    internal const int Window = 16;

    private readonly List<(int Old, int New, int Previous)> _pairs = [];
    private readonly List<int> _lastOfLength = []; // by length - 1: the pair that ends the best run of that length

    /// <summary>Fills in, for each new index that is part of the subsequence, the old index it is paired with.</summary>
    /// <param name="before">Numbers from zero.</param>
    /// <param name="after">Numbers from zero.</param>
    /// <param name="count">More than the highest of them.</param>
    /// <param name="sources">As long as <paramref name="after"/>.</param>
    public static void Find(int[] before, int[] after, int count, int[] sources)
    {
        var search = new CommonSubsequence();
        var positions = new Occurrences(after, count);
        int[] seen = new int[count];
        for (int i = 0; i < before.Length; i++)
        {
            ReadOnlySpan<int> candidates = positions.Of(before[i]);
            int occurrence = seen[before[i]]++;
            int first = Math.Max(occurrence - Window, 0);
            // From high to low, so that one old item cannot follow itself.
            for (int c = Math.Min(occurrence + Window, candidates.Length - 1); c >= first; c--)
                search.Add(i, candidates[c]);
        }
        for (int pair = search._lastOfLength.Count == 0 ? -1 : search._lastOfLength[^1]; pair >= 0; pair = search._pairs[pair].Previous)
            sources[search._pairs[pair].New] = search._pairs[pair].Old;
    }

    private void Add(int oldIndex, int newIndex)
    {
        int low = 0;
        int high = _lastOfLength.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_pairs[_lastOfLength[middle]].New < newIndex)
                low = middle + 1;
            else
                high = middle;
        }
        int pair = _pairs.Count;
        _pairs.Add((oldIndex, newIndex, low == 0 ? -1 : _lastOfLength[low - 1]));
        if (low == _lastOfLength.Count)
            _lastOfLength.Add(pair);
        else
            _lastOfLength[low] = pair;
    }
}

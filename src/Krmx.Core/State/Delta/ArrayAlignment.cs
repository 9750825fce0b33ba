using System.Collections.Immutable;

namespace Krmx.State;

/// <summary>Decides which item of an old array each item of a new one came from.</summary>
/// <remarks>
/// Items that are the same thing and kept their relative order stay. Of the others, those that are the same thing have moved. What is left
/// between two that stayed is paired in order as a change in place, and the rest was added or removed.
/// </remarks>
internal sealed class ArrayAlignment
{
    private const int None = -1;

    private readonly Func<JsonTree, string?> _keyOf;
    private readonly int _beforeLength;
    private readonly int _afterLength;
    private readonly int[] _sources = [];
    private readonly bool[] _moved = [];
    private readonly bool[] _used = [];

    public ArrayAlignment(ImmutableArray<JsonTree> before, ImmutableArray<JsonTree> after, Func<JsonTree, string?> keyOf)
    {
        _keyOf = keyOf;
        _beforeLength = before.Length;
        _afterLength = after.Length;
        int shorter = Math.Min(before.Length, after.Length);
        while (Head < shorter && AreSame(before[Head], after[Head]))
            Head++;
        while (Tail < shorter - Head && AreSame(before[^(Tail + 1)], after[^(Tail + 1)]))
            Tail++;

        ReadOnlySpan<JsonTree> oldItems = before.AsSpan()[Head..^Tail];
        ReadOnlySpan<JsonTree> newItems = after.AsSpan()[Head..^Tail];
        if (oldItems.IsEmpty && newItems.IsEmpty)
            return;
        _used = new bool[oldItems.Length];
        _moved = new bool[newItems.Length];
        _sources = new int[newItems.Length];
        Array.Fill(_sources, None);
        if (oldItems.IsEmpty || newItems.IsEmpty)
            return;

        var identities = new ItemIdentities(keyOf);
        int[] oldIds = identities.Of(oldItems);
        int[] newIds = identities.Of(newItems);
        CommonSubsequence.Find(oldIds, newIds, identities.Count, _sources);
        foreach (int source in _sources)
        {
            if (source != None)
                _used[source] = true;
        }
        int[] ends = EndsOfGaps();
        FindMoves(oldIds, newIds, identities.Count);
        PairWithinGaps(ends);
    }

    /// <summary>How many items at the start came from the same index.</summary>
    public int Head { get; }

    /// <summary>How many items at the end came from the same index, counted from the end.</summary>
    public int Tail { get; }

    /// <summary>The old index of the item that is at a new index, or -1 when it was added.</summary>
    public int SourceOf(int newIndex)
    {
        if (newIndex < Head)
            return newIndex;
        if (newIndex >= _afterLength - Tail)
            return newIndex - _afterLength + _beforeLength;
        int source = _sources[newIndex - Head];
        return source == None ? None : source + Head;
    }

    /// <summary>Whether the item at a new index did not keep its order with those that stayed.</summary>
    public bool IsMoved(int newIndex) => newIndex >= Head && newIndex < _afterLength - Tail && _moved[newIndex - Head];

    /// <summary>Whether the item at an old index, between head and tail, is nowhere in the new array.</summary>
    public bool IsRemoved(int oldIndex) => !_used[oldIndex - Head];

    private bool AreSame(JsonTree before, JsonTree after) =>
        before.Equals(after) || (_keyOf(before) is string key && key == _keyOf(after));

    /// <summary>For each new item, where the first old item lies that stays behind it.</summary>
    private int[] EndsOfGaps()
    {
        int[] ends = new int[_sources.Length];
        int end = _used.Length;
        for (int j = _sources.Length - 1; j >= 0; j--)
        {
            if (_sources[j] != None)
                end = _sources[j];
            ends[j] = end;
        }
        return ends;
    }

    private void FindMoves(int[] oldIds, int[] newIds, int count)
    {
        int[] next = new int[count]; // by identity, the first old item not looked at yet
        var positions = new Occurrences(oldIds, count);
        for (int j = 0; j < newIds.Length; j++)
        {
            if (_sources[j] != None)
                continue;
            ReadOnlySpan<int> candidates = positions.Of(newIds[j]);
            ref int candidate = ref next[newIds[j]];
            while (candidate < candidates.Length && _used[candidates[candidate]])
                candidate++;
            if (candidate == candidates.Length)
                continue;
            _sources[j] = candidates[candidate];
            _used[_sources[j]] = true;
            _moved[j] = true;
        }
    }

    private void PairWithinGaps(int[] ends)
    {
        int old = 0;
        for (int j = 0; j < _sources.Length; j++)
        {
            if (_moved[j])
                continue;
            if (_sources[j] == None)
            {
                while (old < ends[j] && _used[old])
                    old++;
                if (old == ends[j])
                    continue;
                _sources[j] = old;
                _used[old] = true;
            }
            old = _sources[j] + 1;
        }
    }
}

namespace Krmx.State;

/// <summary>Where each of a few numbers stands in a sequence.</summary>
internal sealed class Occurrences
{
    private readonly int[] _starts;
    private readonly int[] _positions;

    /// <param name="ids">Numbers from zero.</param>
    /// <param name="count">More than the highest of them.</param>
    public Occurrences(int[] ids, int count)
    {
        _starts = new int[count + 1];
        foreach (int id in ids)
            _starts[id + 1]++;
        for (int id = 0; id < count; id++)
            _starts[id + 1] += _starts[id];

        _positions = new int[ids.Length];
        int[] next = _starts[..count];
        for (int i = 0; i < ids.Length; i++)
            _positions[next[ids[i]]++] = i;
    }

    /// <summary>The indexes at which a number stands, in order.</summary>
    public ReadOnlySpan<int> Of(int id) => _positions.AsSpan(_starts[id].._starts[id + 1]);
}

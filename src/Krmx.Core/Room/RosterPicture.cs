using System.Collections;

namespace Krmx.Rooms;

/// <summary>The frames that tell a newcomer who is here, in pages that newcomers share.</summary>
internal sealed class RosterPicture : IReadOnlyList<ReadOnlyMemory<byte>>
{
    private readonly ReadOnlyMemory<byte>[][] _pages;

    // How many frames come before each page.
    private readonly int[] _starts;

    /// <param name="pages">The frames, in order; none of the arrays is empty, or ever written to again.</param>
    public RosterPicture(ReadOnlyMemory<byte>[][] pages)
    {
        _pages = pages;
        _starts = new int[pages.Length];
        for (int i = 0; i < pages.Length; i++)
        {
            _starts[i] = Count;
            Count += pages[i].Length;
        }
    }

    public int Count { get; }

    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            int page = Array.BinarySearch(_starts, index);
            if (page < 0)
                page = ~page - 1;
            return _pages[page][index - _starts[page]];
        }
    }

    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
    {
        foreach (ReadOnlyMemory<byte>[] page in _pages)
        {
            foreach (ReadOnlyMemory<byte> frame in page)
                yield return frame;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

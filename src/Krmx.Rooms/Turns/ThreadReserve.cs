namespace Krmx.Rooms;

/// <summary>Decides how many threads the pool should have beyond its usual number, from what is seen at regular looks.</summary>
internal sealed class ThreadReserve
{
    /// <summary>How many there are at most: each that blocks takes some ten kilobytes.</summary>
    public const int Max = 512;

    /// <summary>For how many looks threads are kept that are not needed any more: those who block once do it again.</summary>
    public const int LooksKept = 100;

    /// <summary>How many there are at once where a thread is blocked and nothing else moves.</summary>
    private const int FirstStep = 16;

    /// <summary>How many times those that are blocked there are where nothing else moves: the many that wait may block as well.</summary>
    private const int Growth = 4;

    private int _looksUnneeded;

    /// <summary>How many threads there should be beyond the usual.</summary>
    public int Size { get; private set; }

    /// <summary>Takes in what was seen.</summary>
    /// <param name="blocked">How many threads were in the same stretch of the application's code since the last look.</param>
    /// <param name="isStarving">Whether work waits, and the pool has done none since then.</param>
    public void Look(int blocked, bool isStarving)
    {
        // One for each that is blocked, and no more while the rest goes on: a thread too many that computes would seem to block others, and so on.
        int needed = blocked > 0 && isStarving ? Math.Max(FirstStep, Growth * blocked) : blocked;
        needed = Math.Min(needed, Max);
        if (needed < Size && ++_looksUnneeded < LooksKept)
            return;
        Size = needed;
        _looksUnneeded = 0;
    }
}

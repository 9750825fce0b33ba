namespace Krmx.Limits;

/// <summary>Allows a burst at once and a rate in the long run. For one thread at a time.</summary>
internal struct TokenBucket
{
    private double _taken;
    private long _last;

    /// <summary>Takes tokens, if there are so many.</summary>
    /// <param name="perSecond">How many come back in a second; 0 for no limit.</param>
    /// <param name="burst">How many there are when none has been taken for long.</param>
    /// <param name="now">A timestamp of the clock.</param>
    /// <param name="time">The clock.</param>
    /// <param name="count">How many are taken, all or none.</param>
    public bool TryTake(int perSecond, int burst, long now, TimeProvider time, int count = 1)
    {
        if (perSecond == 0)
            return true;

        // A clock that jumps back takes nothing away.
        if (_taken > 0 && now > _last)
            _taken = Math.Max(0, _taken - (time.GetElapsedTime(_last, now).TotalSeconds * perSecond));
        _last = now;
        if (_taken > burst - count)
            return false;
        _taken += count;
        return true;
    }
}

namespace Krmx.Rooms;

/// <summary>That there are more users than was told, or fewer, in a room that tells how many there are and not who (protocol section 10).</summary>
/// <param name="interval">What time there is between two times it is told.</param>
internal sealed class PresenceCount(TimeSpan interval)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval = interval > Shortest ? interval : Shortest;
    private TimeSpan? _last;

    /// <summary>When it is told; null where everybody knows how many there are.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>A user has come or gone, was linked or unlinked.</summary>
    public void Change(TimeSpan now) => Due ??= _last + _interval > now ? _last + _interval : now;

    /// <summary>It is told now.</summary>
    public void Told(TimeSpan now) => (Due, _last) = (null, now);

    /// <summary>There is nobody to tell.</summary>
    public void Clear() => Due = null;
}

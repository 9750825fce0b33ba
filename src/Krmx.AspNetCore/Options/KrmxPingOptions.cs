namespace Krmx;

/// <summary>How dead connections are found: the silent are pinged, and who stays silent is gone (protocol section 7).</summary>
public sealed class KrmxPingOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// After how much silence a connection is pinged. Default: 15 seconds. From 100 ms to 1 day, or zero to leave dead connections to TCP.
    /// </summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after a ping a connection may stay silent; past it, it is terminated, its user unlinked as
    /// <see cref="UnlinkReason.TimedOut"/>. Default: 15 seconds. From 100 ms to 1 day.
    /// </summary>
    /// <remarks>Time in which this process stood still does not count: who answers when it goes on stays.</remarks>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    internal IEnumerable<string> Validate()
    {
        if (Interval != TimeSpan.Zero && (Interval < Shortest || Interval > Longest))
            yield return $"{nameof(Interval)} must be from 100 ms to 1 day, or zero to turn pings off, not {Interval}.";
        if (Timeout < Shortest || Timeout > Longest)
            yield return $"{nameof(Timeout)} must be from 100 ms to 1 day, not {Timeout}.";
    }
}

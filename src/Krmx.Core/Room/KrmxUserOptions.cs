namespace Krmx;

/// <summary>How many users a room may have, and for how long those stay who are away.</summary>
public sealed class KrmxUserOptions
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>How many users a room may have, linked or not. Default: 10,000. At least 1. Protocol section 4.</summary>
    /// <remarks>
    /// A full room makes place: of the users who were linked and are not, the one leaves who was linked for the shortest time in all. A newcomer is
    /// rejected, with "the room is full", where there is none. Users whom the application has joined stay, until somebody was linked to them.
    /// </remarks>
    public int Max { get; set; } = 10_000;

    /// <summary>
    /// After what time without a link a user leaves. Default: zero; users stay. Zero, or from 1 ms to 3,650 days. Protocol section 4.
    /// </summary>
    /// <remarks>Users whom the application has joined stay, until somebody was linked to them.</remarks>
    public TimeSpan Timeout { get; set; }

    /// <summary>
    /// What users are told of each other: everyone, or how many there are, which only those are told who have the extension presence. Default: everyone.
    /// Protocol section 10.
    /// </summary>
    /// <remarks>
    /// Everyone costs a message to each user for each that comes, so a room of 10,000 that fills up sends 100 million of them. With counts everybody is
    /// told of its own user alone, and the application says what else there is to know.
    /// </remarks>
    public KrmxPresence Presence { get; set; }

    /// <summary>
    /// For how long changes of users may be gathered before those are told who have the extension presence. Default: zero; all of a turn are told
    /// together at its end. From zero to 1 minute. Protocol section 10.
    /// </summary>
    /// <remarks>A message of the application is never told before the changes that came before it.</remarks>
    public TimeSpan PresenceInterval { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (Max < 1)
            yield return $"{nameof(Max)} must be at least 1, not {Max}.";
        if (Timeout != TimeSpan.Zero && (Timeout < TimeSpan.FromMilliseconds(1) || Timeout > Longest))
            yield return $"{nameof(Timeout)} must be zero, or from 1 ms to {Longest.TotalDays} days, not {Timeout}.";
        if (Presence is not (KrmxPresence.Everyone or KrmxPresence.Count))
            yield return $"{nameof(Presence)} must be Everyone or Count, not {Presence}.";
        if (PresenceInterval < TimeSpan.Zero || PresenceInterval > LongestInterval)
            yield return $"{nameof(PresenceInterval)} must be from zero to {LongestInterval.TotalMinutes} minute, not {PresenceInterval}.";
    }
}

namespace Krmx;

/// <summary>How many rooms there may be, and for how long; the defaults are the safe ones.</summary>
public sealed class KrmxRoomLifeOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    // Timers end at some weeks, and sums of times must have room.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How many rooms there may be on the route. Default: 20,000. At least 1.</summary>
    /// <remarks>
    /// Where there are as many, and another is wanted, an empty one is closed for it: the one that was used for the shortest time. If there is
    /// none, the connection is refused with 1013.
    /// </remarks>
    public int Max { get; set; } = 20_000;

    /// <summary>
    /// How long a room of a <c>{room}</c> route is kept when its last connection has gone. Default: 2 minutes, as long as
    /// <see cref="KrmxSessionOptions.Grace"/>. At least zero.
    /// </summary>
    /// <remarks>
    /// Its unlinked users, and all it holds, sessions among it, go with it. A room in which nobody was ever linked goes at once.
    /// </remarks>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many bytes of messages all rooms of the route together keep for sessions. Default: 256 MiB. At least 0. Protocol section 10.
    /// </summary>
    /// <remarks>
    /// When half of it is used, each room keeps no more than the other half divided by <see cref="Max"/>, its oldest messages going first: a session that
    /// misses one of those has ended.
    /// </remarks>
    public long MaxJournalBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// How long whoever comes waits for a room that is being made, or for the end of one of the same name. Default: 30 seconds. From 1 ms to 1 day.
    /// </summary>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a connection that is being closed may take to say goodbye, and how long async listeners may go on when their room has closed.
    /// Default: 5 seconds. From 1 ms to 1 day.
    /// </summary>
    /// <remarks>
    /// It bounds a shutdown, too: a little more than three times this after the process was told to stop, all connections have ended, and
    /// listeners that have not are left behind. Keep that below the host's <c>ShutdownTimeout</c>, 30 seconds by default.
    /// </remarks>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<string> Validate()
    {
        if (Max < 1)
            yield return $"{nameof(Max)} must be at least 1, not {Max}.";
        if (IdleTimeout < TimeSpan.Zero)
            yield return $"{nameof(IdleTimeout)} must be at least zero, not {IdleTimeout}.";
        if (MaxJournalBytes < 0)
            yield return $"{nameof(MaxJournalBytes)} must be at least 0, not {MaxJournalBytes}.";
        if (OpenTimeout < Shortest || OpenTimeout > Longest)
            yield return $"{nameof(OpenTimeout)} must be from 1 ms to 1 day, not {OpenTimeout}.";
        if (CloseTimeout < Shortest || CloseTimeout > Longest)
            yield return $"{nameof(CloseTimeout)} must be from 1 ms to 1 day, not {CloseTimeout}.";
    }
}

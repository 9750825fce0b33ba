namespace Krmx;

/// <summary>How a client comes back after its connection was lost.</summary>
/// <remarks>
/// Before attempt n it waits a random time between zero and <c>MinDelay × Factor^(n-1)</c>, at most <see cref="MaxDelay"/>, so that the
/// clients of a server that restarts do not all come at once. A connection that stayed open for <see cref="MaxDelay"/> starts the count
/// again.
/// </remarks>
public sealed class ReconnectOptions
{
    /// <summary>Whether to reconnect at all. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether a link goes on after a drop where it left off, so that nothing that either side sent meanwhile is lost. Default: true. Protocol section 10.
    /// </summary>
    /// <remarks>A server that does not have it is linked to as ever.</remarks>
    public bool Resumes { get; set; } = true;

    /// <summary>The longest wait before the first attempt. Default: 1 second. At least 1 ms.</summary>
    public TimeSpan MinDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before any attempt. Default: 15 seconds. At least <see cref="MinDelay"/>, at most a day.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>By how much the longest wait grows with every attempt. Default: 2. From 1 to 100.</summary>
    public double Factor { get; set; } = 2;

    /// <summary>How many attempts in a row may fail before the client gives up. Default: null, which is forever. At least 1.</summary>
    public int? MaxAttempts { get; set; }

    /// <summary>
    /// For how long a client that is back asks again when its user is still linked to the connection it lost, which the server may not
    /// have noticed yet, or when its authentication factory fails. Default: 60 seconds. Zero asks once.
    /// </summary>
    public TimeSpan RelinkTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the random waits come from. Default: null, a source of the client's own. Used by one thread at a time.</summary>
    public Random? Random { get; set; }

    internal ReconnectOptions Copy() => (ReconnectOptions)MemberwiseClone();

    internal IEnumerable<string> Validate()
    {
        if (MinDelay < TimeSpan.FromMilliseconds(1))
            yield return $"{nameof(MinDelay)} must be at least 1 ms, not {MinDelay}.";
        if (MaxDelay < MinDelay || MaxDelay > TimeSpan.FromDays(1))
            yield return $"{nameof(MaxDelay)} must be at least {nameof(MinDelay)} and at most a day, not {MaxDelay}.";
        if (Factor is not (>= 1 and <= 100))
            yield return $"{nameof(Factor)} must be from 1 to 100, not {Factor}.";
        if (MaxAttempts < 1)
            yield return $"{nameof(MaxAttempts)} must be at least 1, or null for no limit, not {MaxAttempts}.";
        if (RelinkTimeout < TimeSpan.Zero)
            yield return $"{nameof(RelinkTimeout)} must be at least zero, not {RelinkTimeout}.";
    }
}

namespace Krmx;

/// <summary>How clients go on where they left off after their connection was lost. Protocol section 10.</summary>
public sealed class KrmxSessionOptions
{
    /// <summary>Whether clients may have sessions. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>For how long a session goes on without a connection. Default: 120 seconds. From 1 ms to a day.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How many bytes of messages a room keeps for sessions, the oldest going first. Default: 1 MiB. From 0; a session that misses one of those that went
    /// has ended.
    /// </summary>
    public int MaxJournalBytes { get; set; } = 1024 * 1024;

    /// <summary>How many messages a room keeps for sessions, the oldest going first. Default: 4,096. From 0.</summary>
    public int MaxJournalEntries { get; set; } = 4096;

    internal IEnumerable<string> Validate()
    {
        if (Grace < TimeSpan.FromMilliseconds(1) || Grace > TimeSpan.FromDays(1))
            yield return $"{nameof(Grace)} must be from 1 ms to a day, not {Grace}.";
        if (MaxJournalBytes < 0)
            yield return $"{nameof(MaxJournalBytes)} must be at least 0, not {MaxJournalBytes}.";
        if (MaxJournalEntries < 0)
            yield return $"{nameof(MaxJournalEntries)} must be at least 0, not {MaxJournalEntries}.";
    }
}

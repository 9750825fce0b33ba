namespace Krmx;

/// <summary>How the rooms of a route are stored, where the application has a store (<c>AddKrmx().UseSqlite(…)</c>).</summary>
public sealed class KrmxStorageOptions
{
    /// <summary>What is stored when somebody is told of it. Default: confirmed. Means nothing without a store.</summary>
    public KrmxDurability Durability { get; set; } = KrmxDurability.Confirmed;

    /// <summary>
    /// Whether all turns of a room are kept, with what each user was sent, so that it can be read again as it was. Default: false; only what is needed to go on is
    /// kept then.
    /// </summary>
    public bool History { get; set; }

    /// <summary>
    /// For how long a room is kept that nobody uses and that has no alarm; it is deleted within some minutes after that. Default: null, for ever. From 1 minute.
    /// </summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>
    /// For how long a store may fail before a room gives up what is not stored: nobody was told of it, clients are closed, and the room is loaded anew from what is
    /// stored. Until then it is tried again, and loses nothing. Default: 2 minutes. From 1 second to 1 day.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many bytes a room may have that are not stored yet; it handles nothing more until there are less, and its clients wait. Default: 4 MiB. At least 64 KiB.
    /// </summary>
    public int MaxBacklogBytes { get; set; } = 4 * 1024 * 1024;

    internal IEnumerable<string> Validate()
    {
        if (Durability is < KrmxDurability.None or > KrmxDurability.Confirmed)
            yield return $"{nameof(Durability)} must be one of its values, not {Durability}.";
        if (Retention < TimeSpan.FromMinutes(1))
            yield return $"{nameof(Retention)} must be at least 1 minute, not {Retention}.";
        if (Patience < TimeSpan.FromSeconds(1) || Patience > TimeSpan.FromDays(1))
            yield return $"{nameof(Patience)} must be from 1 second to 1 day, not {Patience}.";
        if (MaxBacklogBytes < 64 * 1024)
            yield return $"{nameof(MaxBacklogBytes)} must be at least 65,536, not {MaxBacklogBytes}.";
    }
}

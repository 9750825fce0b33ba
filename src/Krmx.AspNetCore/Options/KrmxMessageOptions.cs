namespace Krmx;

/// <summary>How large a client's messages may be, and how many.</summary>
public sealed class KrmxMessageOptions
{
    private const int MostBytes = 1024 * 1024 * 1024;

    /// <summary>
    /// The largest message a client may send, in bytes; a larger one closes its connection with 1009. Default: 64 KiB. From 1 to 1 GiB.
    /// </summary>
    public int MaxBytes { get; set; } = 64 * 1024;

    /// <summary>How deep the JSON of a message may nest, its own object counted. Default: 64. At least 1.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>
    /// How many messages a connection may send in a second, in the long run; with more it is closed with 1008, its user unlinked as
    /// <see cref="UnlinkReason.RateExceeded"/>. Default: 1,000. At least 1, or 0 for no limit.
    /// </summary>
    /// <remarks>
    /// A ping, a pong and a fragment of less than 1 KiB count as a message each: they cost the server no more than one, and a limit of their own
    /// would be one more to set for no other use.
    /// </remarks>
    public int MaxPerSecond { get; set; } = 1000;

    /// <summary>How many messages a connection may send at once after a rest. Default: 5,000. At least 1.</summary>
    public int MaxBurst { get; set; } = 5000;

    /// <summary>
    /// How many link requests a connection may send in a second, in the long run, granted or not; with more it is closed with 1008. Default: 1.
    /// At least 1, or 0 for no limit.
    /// </summary>
    /// <remarks>Connections are cheap to open again: limit these by address with the framework's rate limiter, on the endpoint.</remarks>
    public int MaxLinksPerSecond { get; set; } = 1;

    /// <summary>How many link requests a connection may send at once after a rest. Default: 60. At least 1.</summary>
    public int MaxLinkBurst { get; set; } = 60;

    internal IEnumerable<string> Validate()
    {
        if (MaxBytes is < 1 or > MostBytes)
            yield return $"{nameof(MaxBytes)} must be from 1 to {MostBytes}, not {MaxBytes}.";
        if (MaxJsonDepth < 1)
            yield return $"{nameof(MaxJsonDepth)} must be at least 1, not {MaxJsonDepth}.";
        if (MaxPerSecond < 0)
            yield return $"{nameof(MaxPerSecond)} must be at least 1, or 0 for no limit, not {MaxPerSecond}.";
        if (MaxBurst < 1)
            yield return $"{nameof(MaxBurst)} must be at least 1, not {MaxBurst}.";
        if (MaxLinksPerSecond < 0)
            yield return $"{nameof(MaxLinksPerSecond)} must be at least 1, or 0 for no limit, not {MaxLinksPerSecond}.";
        if (MaxLinkBurst < 1)
            yield return $"{nameof(MaxLinkBurst)} must be at least 1, not {MaxLinkBurst}.";
    }
}

namespace Krmx;

/// <summary>How a client finds out that a connection has died without a word.</summary>
/// <remarks>
/// Without effect in browsers, which ping by themselves, or not: there it is noticed when a request times out.
/// </remarks>
public sealed class KeepAliveOptions
{
    /// <summary>After how much silence the server is pinged. Default: 15 seconds. At least 100 ms, or zero for never.</summary>
    /// <remarks>
    /// The .NET Standard build sends something at this interval, which keeps proxies from closing the connection, but expects no answer.
    /// </remarks>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after a ping the server may stay silent; past it the connection counts as lost. Default: 15 seconds. At least 100 ms.
    /// </summary>
    /// <remarks>Without effect in the .NET Standard build.</remarks>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    internal KeepAliveOptions Copy() => (KeepAliveOptions)MemberwiseClone();

    internal IEnumerable<string> Validate()
    {
        if (Interval != TimeSpan.Zero && Interval < TimeSpan.FromMilliseconds(100))
            yield return $"{nameof(Interval)} must be at least 100 ms, or zero for never, not {Interval}.";
        if (Timeout < TimeSpan.FromMilliseconds(100))
            yield return $"{nameof(Timeout)} must be at least 100 ms, not {Timeout}.";
    }
}

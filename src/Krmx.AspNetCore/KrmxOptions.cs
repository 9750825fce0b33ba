namespace Krmx;

/// <summary>What a mapped Krmx endpoint allows; the defaults are the safe ones.</summary>
public class KrmxOptions : KrmxRoomOptions
{
    private const int MostBytes = 1024 * 1024 * 1024;

    private static readonly TimeSpan ShortestPing = TimeSpan.FromMilliseconds(100);

    // Timers end at some weeks, and sums of times must have room.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    /// <summary>
    /// The largest message a client may send, in bytes; a larger one closes its connection with 1009. Default: 64 KiB. From 1 to 1 GiB.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 64 * 1024;

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
    public int MaxMessagesPerSecond { get; set; } = 1000;

    /// <summary>How many messages a connection may send at once after a rest. Default: 5,000. At least 1.</summary>
    public int MaxMessageBurst { get; set; } = 5000;

    /// <summary>
    /// How many link requests a connection may send in a second, in the long run, granted or not; with more it is closed with 1008. Default: 1.
    /// At least 1, or 0 for no limit.
    /// </summary>
    /// <remarks>Connections are cheap to open again: limit these by address with the framework's rate limiter, on the endpoint.</remarks>
    public int MaxLinksPerSecond { get; set; } = 1;

    /// <summary>How many link requests a connection may send at once after a rest. Default: 60. At least 1.</summary>
    public int MaxLinkBurst { get; set; } = 60;

    /// <summary>
    /// How many connections the endpoint may have; more are closed with 1013, and see <see cref="OnRefused"/>. Default: 100,000. At least 1.
    /// </summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>
    /// How many of the endpoint's connections may be unlinked when another one comes; it is closed with 1013 then, and see
    /// <see cref="OnRefused"/>. Default: 20,000. At least 1.
    /// </summary>
    /// <remarks>After a restart all clients come at once, and each is unlinked until it has been authenticated. Nobody is ever closed for unlinking.</remarks>
    public int MaxUnlinkedConnections { get; set; } = 20_000;

    /// <summary>
    /// How many rooms the endpoint may have; a connection that would make another is closed with 1013, and see <see cref="OnRefused"/>.
    /// Default: 20,000. At least 1.
    /// </summary>
    public int MaxRooms { get; set; } = 20_000;

    /// <summary>
    /// Told of each connection that was refused before any room knew of it. Default: none. Called on any thread, many at once; what it throws is
    /// logged.
    /// </summary>
    public Action<KrmxRefusal>? OnRefused { get; set; }

    /// <summary>
    /// How many bytes may wait to be sent to one connection; past it the connection is closed, its user unlinked as
    /// <see cref="UnlinkReason.TooSlow"/>. Default: 1 MiB. From 1 KiB to 1 GiB.
    /// </summary>
    /// <remarks>
    /// What a newcomer is told of the whole room does not count: it is sent as fast as the newcomer takes it. What others say meanwhile does.
    /// </remarks>
    public int MaxQueuedBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// After how much silence a connection is pinged. Default: 15 seconds. From 100 ms to 1 day, or zero to leave dead connections to TCP.
    /// Protocol section 7.
    /// </summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after a ping a connection may stay silent; past it, it is terminated, its user unlinked as
    /// <see cref="UnlinkReason.TimedOut"/>. Default: 15 seconds. From 100 ms to 1 day. Protocol section 7.
    /// </summary>
    /// <remarks>Time in which this process stood still does not count: who answers when it goes on stays.</remarks>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a connection that is being closed may take to say goodbye, and how long async listeners may go on when their room has closed.
    /// Default: 5 seconds. From 1 ms to 1 day.
    /// </summary>
    /// <remarks>
    /// It bounds a shutdown, too: a little more than three times this after the process was told to stop, all connections have ended, and
    /// listeners that have not are left behind. Keep that below the host's <c>ShutdownTimeout</c>, 30 seconds by default.
    /// </remarks>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a room of a <c>{room}</c> route is kept when its last connection has gone. Default: 1 minute. At least zero.</summary>
    /// <remarks>Its unlinked users, and all it holds, go with it.</remarks>
    public TimeSpan RoomIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The origins browsers may connect from, such as <c>https://example.org</c>; others get 403. Default: empty, which allows every origin.
    /// Clients that are no browsers send no origin and are not concerned.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// What the query of a connecting client must hold, by parameter; a mismatch is closed with 1008. Default: empty. Protocol section 7.
    /// </summary>
    public IDictionary<string, QueryRule> ExpectedQuery { get; } = new Dictionary<string, QueryRule>(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override IEnumerable<string> Validate()
    {
        foreach (string problem in base.Validate())
            yield return problem;
        if (MaxMessageBytes is < 1 or > MostBytes)
            yield return $"{nameof(MaxMessageBytes)} must be from 1 to {MostBytes}, not {MaxMessageBytes}.";
        if (MaxJsonDepth < 1)
            yield return $"{nameof(MaxJsonDepth)} must be at least 1, not {MaxJsonDepth}.";
        if (MaxMessagesPerSecond < 0)
            yield return $"{nameof(MaxMessagesPerSecond)} must be at least 1, or 0 for no limit, not {MaxMessagesPerSecond}.";
        if (MaxMessageBurst < 1)
            yield return $"{nameof(MaxMessageBurst)} must be at least 1, not {MaxMessageBurst}.";
        if (MaxLinksPerSecond < 0)
            yield return $"{nameof(MaxLinksPerSecond)} must be at least 1, or 0 for no limit, not {MaxLinksPerSecond}.";
        if (MaxLinkBurst < 1)
            yield return $"{nameof(MaxLinkBurst)} must be at least 1, not {MaxLinkBurst}.";
        if (MaxConnections < 1)
            yield return $"{nameof(MaxConnections)} must be at least 1, not {MaxConnections}.";
        if (MaxUnlinkedConnections < 1)
            yield return $"{nameof(MaxUnlinkedConnections)} must be at least 1, not {MaxUnlinkedConnections}.";
        if (MaxRooms < 1)
            yield return $"{nameof(MaxRooms)} must be at least 1, not {MaxRooms}.";
        if (MaxQueuedBytes is < 1024 or > MostBytes)
            yield return $"{nameof(MaxQueuedBytes)} must be from 1024 to {MostBytes}, not {MaxQueuedBytes}.";
        if (PingInterval != TimeSpan.Zero && (PingInterval < ShortestPing || PingInterval > LongestTimeout))
            yield return $"{nameof(PingInterval)} must be from 100 ms to 1 day, or zero to turn pings off, not {PingInterval}.";
        if (PingTimeout < ShortestPing || PingTimeout > LongestTimeout)
            yield return $"{nameof(PingTimeout)} must be from 100 ms to 1 day, not {PingTimeout}.";
        if (CloseTimeout < TimeSpan.FromMilliseconds(1) || CloseTimeout > LongestTimeout)
            yield return $"{nameof(CloseTimeout)} must be from 1 ms to 1 day, not {CloseTimeout}.";
        if (RoomIdleTimeout < TimeSpan.Zero)
            yield return $"{nameof(RoomIdleTimeout)} must be at least zero, not {RoomIdleTimeout}.";
        foreach (string origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
                yield return $"{nameof(AllowedOrigins)} must hold origins such as https://example.org, not '{origin}'.";
        }
        foreach ((string parameter, QueryRule rule) in ExpectedQuery)
        {
            if (rule is null)
                yield return $"{nameof(ExpectedQuery)} must not hold null, as it does for '{parameter}'.";
        }
    }
}

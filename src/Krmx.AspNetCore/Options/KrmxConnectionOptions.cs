using Microsoft.AspNetCore.Http;

namespace Krmx;

/// <summary>Who may connect, and what a connection may cost.</summary>
public sealed class KrmxConnectionOptions
{
    private const int MostBytes = 1024 * 1024 * 1024;

    /// <summary>How many connections the endpoint may have; more are closed with 1013, and see <see cref="OnRefused"/>. Default: 100,000. At least 1.</summary>
    public int Max { get; set; } = 100_000;

    /// <summary>
    /// How many of the endpoint's connections may be unlinked when another one comes; it is closed with 1013 then, and see
    /// <see cref="OnRefused"/>. Default: 20,000. At least 1.
    /// </summary>
    /// <remarks>After a restart all clients come at once, and each is unlinked until it has been authenticated. Nobody is ever closed for unlinking.</remarks>
    public int MaxUnlinked { get; set; } = 20_000;

    /// <summary>
    /// How many connections from one address may be unlinked when another one comes; it is closed with 1013 then, and see
    /// <see cref="OnRefused"/>. Default: 0, for no limit: many people may share one address, and behind a proxy all do.
    /// </summary>
    /// <remarks>
    /// The first 64 bits of an IPv6 address count as the address. Behind a proxy, set up the framework's forwarded headers first. Connections
    /// without an address, as through a Unix socket, are not limited.
    /// </remarks>
    public int MaxUnlinkedPerAddress { get; set; }

    /// <summary>
    /// In how many rooms of the endpoint there may be connections from one address; one that would be in another room is closed with 1013, and
    /// see <see cref="OnRefused"/>. Default: 0, for no limit.
    /// </summary>
    /// <inheritdoc cref="MaxUnlinkedPerAddress" path="/remarks"/>
    public int MaxRoomsPerAddress { get; set; }

    /// <summary>
    /// How many bytes may wait to be sent to one connection; past it the connection is closed, its user unlinked as
    /// <see cref="UnlinkReason.TooSlow"/>. Default: 1 MiB. From 1 KiB to 1 GiB.
    /// </summary>
    /// <remarks>
    /// What a newcomer is told of the whole room does not count: it is sent as fast as the newcomer takes it. What others say meanwhile does.
    /// </remarks>
    public int MaxQueuedBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The origins browsers may connect from, such as <c>https://example.org</c>; others get 403. Default: empty, which allows every origin.
    /// Clients that are no browsers send no origin and are not concerned.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// What the query of a connecting client must hold, by parameter; a mismatch is closed with 1008. Default: empty. Protocol section 7.
    /// </summary>
    public IDictionary<string, QueryRule> ExpectedQuery { get; } = new Dictionary<string, QueryRule>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Told of each connection that was refused before any room knew of it. Default: none. Called on any thread, many at once; what it throws is
    /// logged.
    /// </summary>
    public Action<KrmxRefusal>? OnRefused { get; set; }

    /// <summary>Whether a query is as <see cref="ExpectedQuery"/> says.</summary>
    internal bool Expects(IQueryCollection query)
    {
        foreach ((string parameter, QueryRule rule) in ExpectedQuery)
        {
            if (!rule.Allows(query[parameter]))
                return false;
        }
        return true;
    }

    internal IEnumerable<string> Validate()
    {
        if (Max < 1)
            yield return $"{nameof(Max)} must be at least 1, not {Max}.";
        if (MaxUnlinked < 1)
            yield return $"{nameof(MaxUnlinked)} must be at least 1, not {MaxUnlinked}.";
        if (MaxUnlinkedPerAddress < 0)
            yield return $"{nameof(MaxUnlinkedPerAddress)} must be at least 1, or 0 for no limit, not {MaxUnlinkedPerAddress}.";
        if (MaxRoomsPerAddress < 0)
            yield return $"{nameof(MaxRoomsPerAddress)} must be at least 1, or 0 for no limit, not {MaxRoomsPerAddress}.";
        if (MaxQueuedBytes is < 1024 or > MostBytes)
            yield return $"{nameof(MaxQueuedBytes)} must be from 1024 to {MostBytes}, not {MaxQueuedBytes}.";
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

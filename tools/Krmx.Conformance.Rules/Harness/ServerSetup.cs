namespace Krmx.Conformance.Harness;

/// <summary>What a rule asks of the server it is tried on, and of the application on it.</summary>
/// <remarks>
/// The application decides a link by its <c>auth</c> text: "wrong" is rejected with <see cref="Refusal"/>, "throw" throws, "later" is
/// decided by <see cref="IServerUnderTest.DecideAsync"/>, "meta" with JSON after it is accepted with that as metadata, and everything else is
/// accepted. A <see cref="Barrier"/> is sent back.
/// </remarks>
internal sealed record ServerSetup
{
    public const string Refusal = "wrong auth";
    public const string Barrier = """{"type":"echo"}""";

    private static readonly string[] Verdicts = ["wrong", "throw", "later"];

    public bool AcceptsNewUsers { get; init; } = true;

    /// <summary>What becomes of a link for a user who is linked; null for the default.</summary>
    public LinkConflict? Conflict { get; init; }

    /// <summary>The usernames there are, as a regular expression; null for the default rule.</summary>
    public string? UsernamePattern { get; init; }

    /// <summary>How many users there may be; null for the default.</summary>
    public int? MaxUsers { get; init; }

    /// <summary>After what time without a link a user leaves; zero for never.</summary>
    public TimeSpan UserTimeout { get; init; }

    /// <summary>Whether users are told how many there are, and not who.</summary>
    public bool CountsUsers { get; init; }

    public IReadOnlyList<ProtocolVersion>? SupportedVersions { get; init; }

    public string Path { get; init; } = "/";

    /// <summary>Expected query parameters: true, false, a value, or "/pattern/".</summary>
    public IReadOnlyDictionary<string, object> Query { get; init; } = new Dictionary<string, object>();

    public TimeSpan? PingInterval { get; init; }

    /// <summary>Whether the application has atoms, a stream "sum" and a projection "hands".</summary>
    public bool HasState { get; init; }

    public bool HasStrictAtoms { get; init; }

    public bool ClearsStateWhenEmpty { get; init; }

    /// <summary>How many bytes the log of the stream may have, which is cut when it is full.</summary>
    public int? MaxLogBytes { get; init; }

    /// <summary>Whether the application handles the requests "double", "who", "nothing", "break" and "unlink".</summary>
    public bool HandlesRequests { get; init; }

    /// <summary>What listeners do, by the event's text.</summary>
    public IReadOnlyDictionary<string, AppCall[]> Reactions { get; init; } = new Dictionary<string, AppCall[]>();

    /// <summary>Whether an <c>auth</c> text is not simply accepted.</summary>
    public static bool IsVerdict(string auth) => Verdicts.Contains(auth) || auth.StartsWith("meta ", StringComparison.Ordinal);

    /// <summary>What a server needs to be like for this, where it is not the default; null where it is.</summary>
    public string? Need => this switch
    {
        { HasState: true } => "needs the shared state of the tests' application",
        { HandlesRequests: true } => "needs the requests of the tests' application",
        { CountsUsers: true } => "needs a server that tells how many users there are",
        { Reactions.Count: > 0 } => "needs an application whose listeners call back in or throw",
        { AcceptsNewUsers: false } => "needs a server that accepts no new users",
        { Conflict: LinkConflict.Replace } => "needs a server where a newcomer takes the user over",
        { Conflict: LinkConflict.Reject } => "needs a server that rejects links for linked users before it authenticates them",
        { UsernamePattern: not null } => "needs a server with another rule for usernames",
        { SupportedVersions: not null } => "needs a server set to other versions",
        { Query.Count: > 0 } => "needs a server that expects query parameters",
        { MaxUsers: int max } => $"needs a server that has {max} users at most",
        { UserTimeout.Ticks: > 0 } => $"needs a server whose users leave after {UserTimeout.TotalSeconds} seconds without a link",
        { PingInterval: not null } => "needs a server that pings every 100 ms",
        { Path: not "/" } => $"needs a server at {Path}",
        _ => null,
    };
}

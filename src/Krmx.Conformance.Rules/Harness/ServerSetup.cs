namespace Krmx.Conformance.Harness;

/// <summary>What a rule asks of the server it is tried on, and of the application on it.</summary>
/// <remarks>
/// The application decides a link by its <c>auth</c> text: "wrong" is rejected with <see cref="Refusal"/>, "throw" throws, "later" is
/// decided by <see cref="IServerUnderTest.DecideAsync"/>, and everything else is accepted. A <see cref="Barrier"/> is sent back.
/// </remarks>
internal sealed record ServerSetup
{
    public const string Refusal = "wrong auth";
    public const string Barrier = """{"type":"echo"}""";

    public bool AcceptsNewUsers { get; init; } = true;

    public bool ReplacesOnConflict { get; init; }

    /// <summary>The usernames there are, as a regular expression; null for the default rule.</summary>
    public string? UsernamePattern { get; init; }

    public IReadOnlyList<ProtocolVersion>? SupportedVersions { get; init; }

    public string Path { get; init; } = "/";

    /// <summary>Expected query parameters: true, false, a value, or "/pattern/".</summary>
    public IReadOnlyDictionary<string, object> Query { get; init; } = new Dictionary<string, object>();

    public TimeSpan? PingInterval { get; init; }

    /// <summary>Whether the application has atoms, a stream "sum" and a projection "hands".</summary>
    public bool HasState { get; init; }

    public bool HasStrictAtoms { get; init; }

    public bool ClearsStateWhenEmpty { get; init; }

    /// <summary>What listeners do, by the event's text.</summary>
    public IReadOnlyDictionary<string, AppCall[]> Reactions { get; init; } = new Dictionary<string, AppCall[]>();
}

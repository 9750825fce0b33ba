namespace Krmx.Conformance.Harness;

/// <summary>A server that rules are tried on, and the application on it.</summary>
internal interface IServerUnderTest : IAsyncDisposable
{
    /// <summary>The protocol version it speaks.</summary>
    ProtocolVersion Version { get; }

    /// <summary>Where it listens; null where there are no sockets.</summary>
    Uri? Uri { get; }

    Task<IRawConnection> ConnectAsync(string pathAndQuery);

    /// <summary>Makes a call of the application.</summary>
    /// <returns>Null, or why it was refused.</returns>
    Task<string?> CallAsync(AppCall call);

    /// <summary>The users in order, the linked ones marked with a star.</summary>
    Task<string> UsersAsync();

    /// <summary>Everything the application was told and every call its listeners were refused, so far.</summary>
    Task<IReadOnlyList<string>> EventsAsync();

    /// <summary>Whether these events tell of sessions that end, which is told to the application alone.</summary>
    bool ShowsEndsOfSessions => true;

    /// <summary>Whether the application sends a <see cref="ServerSetup.Barrier"/> back; else something else stands for it.</summary>
    bool HasEcho => true;

    /// <summary>Decides the oldest authentication that is undecided; an undecided one must come.</summary>
    /// <param name="refusal">Null accepts.</param>
    Task DecideAsync(string? refusal);

    /// <summary>Lets time pass on the server's clock.</summary>
    Task PassTimeAsync(TimeSpan time);

    /// <summary>How many authentications wait for an answer that somebody wants.</summary>
    Task<int> UndecidedAsync();

    /// <summary>Starts to close the server, and does not wait for its clients.</summary>
    Task BeginCloseAsync();
}

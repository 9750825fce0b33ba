using Krmx.Conformance.Harness;

namespace Krmx.Conformance;

/// <summary>One rule of the protocol and how it is tried.</summary>
/// <param name="Id">Stable: the section's number, the rule's within it, and a short name.</param>
/// <param name="Title">The rule in one line.</param>
/// <param name="Check">Tries it; throws where the rule does not hold.</param>
internal sealed record Rule(string Id, string Title, Func<Trial, Task> Check)
{
    /// <summary>Whether the TypeScript server is known not to satisfy it (protocol section 8, and all that is built on it).</summary>
    public bool IsFixed { get; init; }

    /// <summary>Whether it is about an addition, such as shared state, of which the TypeScript server knows nothing.</summary>
    public bool IsAddition { get; init; }

    /// <summary>The extension that it is about; null for none.</summary>
    public string? Extension { get; init; }

    /// <summary>Whether it is about the transport, so that there is nothing of it in the core.</summary>
    public bool NeedsSockets { get; init; }

    /// <summary>Whether it is about what only the application can see, so that there is nothing of it on the wire.</summary>
    public bool NeedsApplication { get; init; }

    public ServerSetup Setup { get; init; } = new();

    public async Task TryAsync(Func<ServerSetup, Task<IServerUnderTest>> start)
    {
        await using var trial = new Trial(await start(Setup));
        await Check(trial);
    }

    public override string ToString() => Id;
}

namespace Krmx.FunctionalTests.Client.Rules;

/// <summary>What the protocol asks of a client, as a case.</summary>
/// <param name="Section">Where the protocol says so.</param>
/// <param name="Title">What it says.</param>
/// <param name="TryAsync">Tries it.</param>
internal sealed record ClientRule(string Section, string Title, Func<ClientTrial, Task> TryAsync)
{
    public static IReadOnlyList<ClientRule> All { get; } = [.. LinkRules.All, .. PresenceRules.All, .. ResumeRules.All, .. MessageRules.All];
}

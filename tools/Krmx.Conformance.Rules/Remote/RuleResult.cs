namespace Krmx.Conformance.Remote;

internal enum Outcome
{
    Passed,
    Failed,
    NotApplicable,
}

/// <summary>What came of a rule on a server.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Outcome">Whether it holds.</param>
/// <param name="Reason">Why it does not, or what it needs; null where it holds.</param>
internal sealed record RuleResult(Rule Rule, Outcome Outcome, string? Reason);

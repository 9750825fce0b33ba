using System.Reflection;
using Krmx.Conformance.Targets.Npm;
using Xunit.Sdk;
using Xunit.v3;

namespace Krmx.Conformance;

public enum RuleTarget
{
    Core,
    Kestrel,
    Npm,
}

/// <summary>The rules a target is tried on, each a test case of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RulesOfAttribute(RuleTarget target) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new(target == RuleTarget.Npm && Prerequisites.Missing is string missing
            ? [Row("", $"Npm: {missing}")]
            : [.. RuleBook.All.Where(IsTried).Select(rule => Row(rule.Id, NameOf(rule)))]);

    public override bool SupportsDiscoveryEnumeration() => true;

    private static TheoryDataRow<string> Row(string id, string name) => new(id) { TestDisplayName = name, Label = "" };

    private string NameOf(Rule rule) =>
        target == RuleTarget.Npm && NpmDifferences.All.TryGetValue(rule.Id, out NpmDifference? difference)
            ? $"Npm: {rule.Id} – differs: {difference.What}"
            : $"{target}: {rule.Id}";

    private bool IsTried(Rule rule) => target switch
    {
        RuleTarget.Core => !rule.NeedsSockets,
        RuleTarget.Npm => !rule.IsFixed && !rule.IsAddition,
        _ => true,
    };
}

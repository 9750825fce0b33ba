using Krmx.Conformance.Rules;

namespace Krmx.Conformance;

/// <summary>All rules.</summary>
internal static class RuleBook
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Frames.Rules,
        .. InvalidMessages.Rules,
        .. Messages.Rules,
        .. UnlinkedInputs.Rules,
        .. LinkedInputs.Rules,
        .. Transitions.Rules,
        .. ApplicationCalls.Rules,
        .. Lifetime.Rules,
        .. UserLimits.Rules,
        .. Usernames.Rules,
        .. Versions.Rules,
        .. Connecting.Rules,
        .. FixedLinks.Rules,
        .. FixedListeners.Rules,
        .. StateRules.Rules,
        .. PresenceRules.Rules,
        .. SessionRules.Rules,
        .. RecoveryRules.Rules,
        .. AckRules.Rules,
        .. VolatileRules.Rules,
        .. CountRules.Rules,
        .. MetaRules.Rules,
        .. RequestRules.Rules,
    ];

    public static Rule Get(string id) => All.Single(rule => rule.Id == id);
}

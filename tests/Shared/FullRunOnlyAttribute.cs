using Xunit.v3;

namespace Krmx.Shared;

/// <summary>Takes seconds, or needs more than the SDK: <c>./test.sh</c> runs it, <c>./test.sh --quick</c> does not.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class FullRunOnlyAttribute : Attribute, ITraitAttribute
{
    /// <summary>The trait that <c>test.sh</c> leaves out.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("run", "full")];
}

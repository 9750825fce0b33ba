using Krmx.Conformance.Harness;
using Krmx.Conformance.Targets;
using Krmx.Conformance.Targets.Npm;

namespace Krmx.Conformance;

/// <summary>Every rule against the core, in memory.</summary>
public sealed class CoreTests
{
    [Theory]
    [RulesOf(RuleTarget.Core)]
    public Task Rule(string id) => RuleBook.Get(id).TryAsync(setup => Task.FromResult<IServerUnderTest>(new CoreServer(setup)));
}

/// <summary>Every rule against our server under Kestrel, over real sockets.</summary>
public sealed class KestrelTests
{
    [Theory]
    [RulesOf(RuleTarget.Kestrel)]
    public Task Rule(string id) => RuleBook.Get(id).TryAsync(KestrelServer.StartAsync);
}

/// <summary>Every rule the TypeScript server is meant to satisfy against it; where it is known to differ, that it does.</summary>
public sealed class NpmTests
{
    [Theory]
    [RulesOf(RuleTarget.Npm)]
    public Task Rule(string id)
    {
        if (Prerequisites.Missing is string missing)
            Assert.Fail(missing);
        return NpmDifferences.Instead(RuleBook.Get(id)).TryAsync(NpmServer.StartAsync);
    }
}

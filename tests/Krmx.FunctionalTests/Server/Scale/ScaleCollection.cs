namespace Krmx.FunctionalTests.Server.Scale;

/// <summary>The scale tests have the machine to themselves.</summary>
[CollectionDefinition(nameof(ScaleCollection), DisableParallelization = true)]
public sealed class ScaleCollection;
